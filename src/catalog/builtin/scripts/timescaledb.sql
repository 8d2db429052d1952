-- timescaledb 2, in part: hypertables by one time column, policies, and buckets of time.

CREATE SCHEMA _timescaledb_catalog;
CREATE SCHEMA _timescaledb_internal;
CREATE SCHEMA _timescaledb_functions;
CREATE SCHEMA timescaledb_information;
CREATE SCHEMA timescaledb_experimental;

CREATE TYPE _timescaledb_internal.dimension_info AS (column_name name);

CREATE FUNCTION _timescaledb_functions.insert_blocker() RETURNS trigger
    LANGUAGE c AS '$libdir/timescaledb';

-- A hypertable gets a trigger, and an index on its time unless that is not wanted.
CREATE FUNCTION create_hypertable(
    relation regclass,
    time_column_name name,
    partitioning_column name DEFAULT NULL,
    number_partitions integer DEFAULT NULL,
    associated_schema_name name DEFAULT NULL,
    associated_table_prefix name DEFAULT NULL,
    chunk_time_interval anyelement DEFAULT NULL::bigint,
    create_default_indexes boolean DEFAULT true,
    if_not_exists boolean DEFAULT false,
    partitioning_func regproc DEFAULT NULL,
    migrate_data boolean DEFAULT false,
    chunk_target_size text DEFAULT NULL,
    chunk_sizing_func regproc DEFAULT NULL,
    time_partitioning_func regproc DEFAULT NULL
) RETURNS TABLE (hypertable_id integer, schema_name name, table_name name, created boolean)
LANGUAGE plpgsql
AS $$
DECLARE
    plain text := (SELECT c.relname FROM pg_class c WHERE c.oid = relation);
BEGIN
    EXECUTE format('CREATE TRIGGER ts_insert_blocker BEFORE INSERT ON %s FOR EACH ROW
                    EXECUTE FUNCTION _timescaledb_functions.insert_blocker()', relation);
    IF create_default_indexes THEN
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %s (%I DESC)',
                       plain || '_' || time_column_name || '_idx', relation, time_column_name);
    END IF;
    RETURN;
END
$$;

CREATE FUNCTION add_retention_policy(
    relation regclass,
    drop_after anyelement DEFAULT NULL::interval,
    if_not_exists boolean DEFAULT false,
    schedule_interval interval DEFAULT NULL,
    initial_start timestamp with time zone DEFAULT NULL,
    timezone text DEFAULT NULL,
    drop_created_before interval DEFAULT NULL
) RETURNS integer
    LANGUAGE c AS '$libdir/timescaledb';
CREATE FUNCTION remove_retention_policy(relation regclass, if_exists boolean DEFAULT false) RETURNS void
    LANGUAGE c AS '$libdir/timescaledb';
CREATE FUNCTION add_compression_policy(
    hypertable regclass,
    compress_after anyelement DEFAULT NULL::interval,
    if_not_exists boolean DEFAULT false,
    schedule_interval interval DEFAULT NULL,
    initial_start timestamp with time zone DEFAULT NULL,
    timezone text DEFAULT NULL,
    compress_created_before interval DEFAULT NULL,
    hypercore_use_access_method boolean DEFAULT NULL
) RETURNS integer
    LANGUAGE c AS '$libdir/timescaledb';
CREATE FUNCTION remove_compression_policy(hypertable regclass, if_exists boolean DEFAULT false) RETURNS boolean
    LANGUAGE c AS '$libdir/timescaledb';
CREATE FUNCTION set_chunk_time_interval(
    hypertable regclass,
    chunk_time_interval anyelement,
    dimension_name name DEFAULT NULL
) RETURNS void
    LANGUAGE c AS '$libdir/timescaledb';

CREATE FUNCTION time_bucket(bucket_width interval, ts timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/timescaledb';
CREATE FUNCTION time_bucket(bucket_width interval, ts timestamp without time zone) RETURNS timestamp without time zone
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/timescaledb';
CREATE FUNCTION time_bucket(bucket_width interval, ts date) RETURNS date
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/timescaledb';
CREATE FUNCTION time_bucket(bucket_width bigint, ts bigint) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/timescaledb';
CREATE FUNCTION time_bucket(bucket_width integer, ts integer) RETURNS integer
    LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS '$libdir/timescaledb';
