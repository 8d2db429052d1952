-- pgsodium 3.1, in part: keys, and the functions that take one by its id. Not here: the masking of columns by security
-- labels, and the functions of libsodium that take keys as bytes.

DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['pgsodium_keyiduser', 'pgsodium_keyholder', 'pgsodium_keymaker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I', wanted);
        END IF;
    END LOOP;
END
$$;

CREATE TYPE pgsodium.key_status AS ENUM ('default', 'valid', 'invalid', 'expired');
CREATE TYPE pgsodium.key_type AS ENUM (
    'aead-ietf', 'aead-det', 'hmacsha512', 'hmacsha256', 'auth', 'shorthash', 'generichash', 'kdf', 'secretbox',
    'secretstream', 'stream_xchacha20'
);

CREATE TABLE pgsodium.key (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    status pgsodium.key_status DEFAULT 'valid',
    created timestamp with time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires timestamp with time zone,
    key_type pgsodium.key_type,
    key_id bigserial,
    key_context bytea DEFAULT 'pgsodium' CHECK (length(key_context) = 8),
    name text,
    associated_data text DEFAULT 'associated',
    raw_key bytea,
    raw_key_nonce bytea,
    parent_key uuid,
    comment text,
    user_data text,
    CONSTRAINT key_pkey PRIMARY KEY (id)
);
CREATE VIEW pgsodium.valid_key AS
    SELECT id, name, status, key_type, key_id, key_context, created, expires, associated_data
    FROM pgsodium.key
    WHERE status IN ('valid', 'default') AND (expires IS NULL OR expires > now());

CREATE FUNCTION pgsodium.create_key(
    key_type pgsodium.key_type DEFAULT 'aead-det',
    name text DEFAULT NULL,
    raw_key bytea DEFAULT NULL,
    raw_key_nonce bytea DEFAULT NULL,
    parent_key uuid DEFAULT NULL,
    key_context bytea DEFAULT 'pgsodium',
    expires timestamp with time zone DEFAULT NULL,
    associated_data text DEFAULT ''
) RETURNS pgsodium.valid_key
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.get_key_by_id(uuid) RETURNS pgsodium.valid_key
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.get_key_by_name(text) RETURNS pgsodium.valid_key
    LANGUAGE c AS '$libdir/pgsodium';

CREATE FUNCTION pgsodium.crypto_aead_det_keygen() RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.crypto_aead_det_noncegen() RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid) RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.crypto_aead_det_encrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea)
    RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid) RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';
CREATE FUNCTION pgsodium.crypto_aead_det_decrypt(message bytea, additional bytea, key_uuid uuid, nonce bytea)
    RETURNS bytea
    LANGUAGE c AS '$libdir/pgsodium';

GRANT pgsodium_keyholder TO pgsodium_keymaker;
GRANT pgsodium_keyiduser TO pgsodium_keyholder;
GRANT USAGE ON SCHEMA pgsodium TO pgsodium_keyiduser;
GRANT SELECT ON pgsodium.key, pgsodium.valid_key TO pgsodium_keyiduser;
