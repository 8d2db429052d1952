-- pg_tle 1.4: extensions that are kept in the database.

CREATE TYPE pgtle.password_types AS ENUM (
    'PASSWORD_TYPE_PLAINTEXT', 'PASSWORD_TYPE_MD5', 'PASSWORD_TYPE_SCRAM_SHA_256'
);
CREATE TYPE pgtle.pg_tle_features AS ENUM ('passcheck', 'clientauth');
CREATE TABLE pgtle.feature_info (
    feature pgtle.pg_tle_features,
    schema_name text,
    proname text,
    obj_identity text,
    CONSTRAINT feature_info_pkey PRIMARY KEY (feature, schema_name, proname)
);

CREATE FUNCTION pgtle.install_extension(
    name text,
    version text,
    description text,
    ext text,
    requires text[] DEFAULT NULL,
    schema text DEFAULT NULL
) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.install_extension_version_sql(name text, version text, ext text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.install_update_path(name text, fromvers text, tovers text, ext text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.set_default_version(name text, version text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.uninstall_extension(extname text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.uninstall_extension(extname text, version text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.uninstall_extension_if_exists(extname text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.uninstall_update_path(extname text, fromvers text, tovers text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.uninstall_update_path_if_exists(extname text, fromvers text, tovers text) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.available_extensions()
    RETURNS TABLE (name name, default_version text, comment text)
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.available_extension_versions()
    RETURNS TABLE (
        name name,
        version text,
        superuser boolean,
        trusted boolean,
        relocatable boolean,
        schema name,
        requires name[],
        comment text
    )
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.extension_update_paths(name name)
    RETURNS TABLE (source text, target text, path text)
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.register_feature(proc regproc, feature pgtle.pg_tle_features) RETURNS void
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.register_feature_if_not_exists(proc regproc, feature pgtle.pg_tle_features) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.unregister_feature(proc regproc, feature pgtle.pg_tle_features) RETURNS void
    LANGUAGE c AS '$libdir/pg_tle';
CREATE FUNCTION pgtle.unregister_feature_if_exists(proc regproc, feature pgtle.pg_tle_features) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_tle';
