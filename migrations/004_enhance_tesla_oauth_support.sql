-- Bring vehicles to what the Tesla OAuth integration (T02_S02) needs.
-- Safe to run again: every column and index is only added where it is missing.

DO $$
BEGIN
    -- The vehicle's identifier at Tesla.
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_name = 'vehicles' AND column_name = 'tesla_id'
    ) THEN
        ALTER TABLE vehicles ADD COLUMN tesla_id TEXT UNIQUE NOT NULL;
        COMMENT ON COLUMN vehicles.tesla_id IS 'Tesla''s identifier of the vehicle';
    END IF;

    -- The OAuth tokens, encrypted by the application.
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_name = 'vehicles' AND column_name = 'tesla_tokens'
    ) THEN
        ALTER TABLE vehicles ADD COLUMN tesla_tokens JSONB NOT NULL DEFAULT '{}';
        COMMENT ON COLUMN vehicles.tesla_tokens IS 'Encrypted OAuth tokens of this vehicle';
    END IF;

    -- The number that API calls take.
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_name = 'vehicles' AND column_name = 'tesla_vehicle_id'
    ) THEN
        ALTER TABLE vehicles ADD COLUMN tesla_vehicle_id BIGINT;
        COMMENT ON COLUMN vehicles.tesla_vehicle_id IS 'Vehicle number for calls of the Tesla API';
    END IF;

    -- When the vehicle was last read from the API.
    IF NOT EXISTS (
        SELECT 1 FROM information_schema.columns
        WHERE table_name = 'vehicles' AND column_name = 'last_sync_at'
    ) THEN
        ALTER TABLE vehicles ADD COLUMN last_sync_at TIMESTAMP WITH TIME ZONE;
        COMMENT ON COLUMN vehicles.last_sync_at IS 'When data was last fetched from Tesla';
    END IF;
END $$;

CREATE INDEX IF NOT EXISTS idx_vehicles_tesla_id ON vehicles (tesla_id);
CREATE INDEX IF NOT EXISTS idx_vehicles_tesla_vehicle_id ON vehicles (tesla_vehicle_id);
CREATE INDEX IF NOT EXISTS idx_vehicles_user_id_active ON vehicles (user_id, is_active);

COMMENT ON TABLE vehicles IS 'Vehicles of a user, each with its own Tesla OAuth tokens';
COMMENT ON INDEX idx_vehicles_user_id_active IS 'Serves the list of a user''s active vehicles';
