CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE users (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE,
    mood mood DEFAULT 'happy'
);
COMMENT ON COLUMN users.email IS 'where to write';
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users FOR SELECT USING (email = current_user);
CREATE FUNCTION is_long(t text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT length(t) > 10
$$;
CREATE INDEX users_long ON users (email) WHERE is_long(email);
CREATE VIEW long_users AS SELECT id, email FROM users WHERE is_long(email);
GRANT SELECT ON long_users TO PUBLIC;
