-- Tesla accounts of a user, each linked once.

CREATE TABLE IF NOT EXISTS tesla_accounts (
    id UUID DEFAULT uuid_generate_v4() PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    tesla_user_id TEXT NOT NULL,
    access_token TEXT NOT NULL,
    refresh_token TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT NOW(),
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT NOW()
);

CREATE INDEX IF NOT EXISTS idx_tesla_accounts_user_id ON tesla_accounts (user_id);

ALTER TABLE tesla_accounts
    ADD CONSTRAINT tesla_accounts_user_id_tesla_user_id_key UNIQUE (user_id, tesla_user_id);
