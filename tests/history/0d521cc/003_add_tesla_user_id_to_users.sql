-- Link a user with their Tesla account.

ALTER TABLE users ADD COLUMN tesla_user_id TEXT;

CREATE INDEX idx_users_tesla_user_id ON users (tesla_user_id);

COMMENT ON COLUMN users.tesla_user_id IS 'Identifier of the Tesla account';
