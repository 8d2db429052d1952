-- Take back what commit 0d521cc added for the user-based Tesla approach.
-- T02_S02 keeps tokens with the vehicle (vehicles.tesla_tokens); nothing about Tesla belongs to users.
-- Databases that never ran that commit have none of this, so each step looks first.

-- The table of accounts, with its index and its unique constraint.
DROP TABLE IF EXISTS tesla_accounts CASCADE;

-- The column on users.
DO $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM information_schema.columns
        WHERE table_name = 'users'
          AND column_name = 'tesla_user_id'
    ) THEN
        ALTER TABLE users DROP COLUMN tesla_user_id;
    END IF;
END $$;

-- Indexes that a half-finished run may have left behind.
DROP INDEX IF EXISTS idx_users_tesla_user_id;
DROP INDEX IF EXISTS idx_tesla_accounts_user_id;

COMMENT ON SCHEMA public IS 'VolTracker: Tesla tokens are stored per vehicle, as T02_S02 asks';
