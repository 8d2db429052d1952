-- VolTracker: initial schema.
-- Profiles, vehicles, trips and trip classifications; every row belongs to one user.

CREATE EXTENSION IF NOT EXISTS "uuid-ossp";

-- ---------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------

-- One profile for each account that Supabase Auth knows.
CREATE TABLE public.users (
    id uuid PRIMARY KEY REFERENCES auth.users (id),
    email text UNIQUE NOT NULL,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE public.vehicles (
    id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    tesla_id text UNIQUE NOT NULL,
    vin text UNIQUE NOT NULL,
    display_name text NOT NULL,
    model text NOT NULL,
    year integer NOT NULL,
    color text,
    tesla_tokens jsonb NOT NULL,
    is_active boolean DEFAULT true,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE public.trips (
    id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
    vehicle_id uuid NOT NULL REFERENCES public.vehicles (id) ON DELETE CASCADE,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    start_time timestamptz NOT NULL,
    end_time timestamptz NOT NULL,
    start_latitude numeric(10, 8) NOT NULL,
    start_longitude numeric(11, 8) NOT NULL,
    start_address text,
    end_latitude numeric(10, 8) NOT NULL,
    end_longitude numeric(11, 8) NOT NULL,
    end_address text,
    distance_miles numeric(8, 2) NOT NULL,
    duration_minutes integer NOT NULL,
    classification text DEFAULT 'unclassified'
        CHECK (classification IN ('business', 'personal', 'unclassified')),
    business_purpose text,
    tesla_drive_id text,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE public.classifications (
    id uuid DEFAULT uuid_generate_v4() PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    name text NOT NULL,
    description text,
    is_business boolean DEFAULT true,
    created_at timestamptz DEFAULT now()
);

-- ---------------------------------------------------------------------------
-- Indexes
-- ---------------------------------------------------------------------------

CREATE INDEX idx_vehicles_user_id ON public.vehicles (user_id);
CREATE INDEX idx_vehicles_tesla_id ON public.vehicles (tesla_id);
CREATE INDEX idx_trips_vehicle_id ON public.trips (vehicle_id);
CREATE INDEX idx_trips_user_id ON public.trips (user_id);
CREATE INDEX idx_trips_start_time ON public.trips (start_time);
CREATE INDEX idx_trips_classification ON public.trips (classification);
CREATE INDEX idx_classifications_user_id ON public.classifications (user_id);

-- ---------------------------------------------------------------------------
-- Row level security
-- ---------------------------------------------------------------------------

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.vehicles ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.trips ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.classifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY "Users can view own profile" ON public.users
    FOR SELECT USING (auth.uid() = id);
CREATE POLICY "Users can update own profile" ON public.users
    FOR UPDATE USING (auth.uid() = id);

CREATE POLICY "Users can view own vehicles" ON public.vehicles
    FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Users can insert own vehicles" ON public.vehicles
    FOR INSERT WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can update own vehicles" ON public.vehicles
    FOR UPDATE USING (auth.uid() = user_id);
CREATE POLICY "Users can delete own vehicles" ON public.vehicles
    FOR DELETE USING (auth.uid() = user_id);

CREATE POLICY "Users can view own trips" ON public.trips
    FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Users can insert own trips" ON public.trips
    FOR INSERT WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can update own trips" ON public.trips
    FOR UPDATE USING (auth.uid() = user_id);
CREATE POLICY "Users can delete own trips" ON public.trips
    FOR DELETE USING (auth.uid() = user_id);

CREATE POLICY "Users can view own classifications" ON public.classifications
    FOR SELECT USING (auth.uid() = user_id);
CREATE POLICY "Users can insert own classifications" ON public.classifications
    FOR INSERT WITH CHECK (auth.uid() = user_id);
CREATE POLICY "Users can update own classifications" ON public.classifications
    FOR UPDATE USING (auth.uid() = user_id);
CREATE POLICY "Users can delete own classifications" ON public.classifications
    FOR DELETE USING (auth.uid() = user_id);

-- ---------------------------------------------------------------------------
-- Triggers
-- ---------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION public.update_updated_at_column()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    NEW.updated_at = now();
    RETURN NEW;
END;
$$;

CREATE TRIGGER update_users_updated_at
    BEFORE UPDATE ON public.users
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_vehicles_updated_at
    BEFORE UPDATE ON public.vehicles
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

CREATE TRIGGER update_trips_updated_at
    BEFORE UPDATE ON public.trips
    FOR EACH ROW EXECUTE FUNCTION public.update_updated_at_column();

-- A new account gets its profile at once.
CREATE OR REPLACE FUNCTION public.handle_new_user()
RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    INSERT INTO public.users (id, email)
    VALUES (NEW.id, NEW.email);
    RETURN NEW;
END;
$$;

CREATE TRIGGER on_auth_user_created
    AFTER INSERT ON auth.users
    FOR EACH ROW EXECUTE FUNCTION public.handle_new_user();
