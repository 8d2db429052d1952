-- pg_jsonschema 0.3: JSON checked against a JSON schema.

CREATE FUNCTION json_matches_schema(schema json, instance json) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_jsonschema';
CREATE FUNCTION jsonb_matches_schema(schema json, instance jsonb) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_jsonschema';
CREATE FUNCTION jsonschema_is_valid(schema json) RETURNS boolean
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_jsonschema';
CREATE FUNCTION jsonschema_validation_errors(schema json, instance json) RETURNS text[]
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_jsonschema';
