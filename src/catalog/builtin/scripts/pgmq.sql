-- pgmq 1.5: message queues. A queue `x` is a table `pgmq.q_x`, with an archive `pgmq.a_x`; both become members of the
-- extension. What makes and drops queues is executed, the rest is declared.

CREATE TABLE pgmq.meta (
    queue_name character varying NOT NULL,
    is_partitioned boolean NOT NULL,
    is_unlogged boolean NOT NULL,
    created_at timestamp with time zone NOT NULL DEFAULT now(),
    CONSTRAINT meta_queue_name_key UNIQUE (queue_name)
);

CREATE TYPE pgmq.message_record AS (
    msg_id bigint,
    read_ct integer,
    enqueued_at timestamp with time zone,
    vt timestamp with time zone,
    message jsonb,
    headers jsonb
);
CREATE TYPE pgmq.queue_record AS (
    queue_name character varying,
    is_partitioned boolean,
    is_unlogged boolean,
    created_at timestamp with time zone
);
CREATE TYPE pgmq.metrics_result AS (
    queue_name text,
    queue_length bigint,
    newest_msg_age_sec integer,
    oldest_msg_age_sec integer,
    total_messages bigint,
    scrape_time timestamp with time zone,
    queue_visible_length bigint
);

-- ---- sending ----

CREATE FUNCTION pgmq.send(queue_name text, msg jsonb) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, headers jsonb) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, delay integer) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, delay timestamp with time zone) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, headers jsonb, delay integer) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send(queue_name text, msg jsonb, headers jsonb, delay timestamp with time zone)
    RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[]) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[]) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], delay integer) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], delay timestamp with time zone) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(queue_name text, msgs jsonb[], headers jsonb[], delay integer) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.send_batch(
    queue_name text,
    msgs jsonb[],
    headers jsonb[],
    delay timestamp with time zone
) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';

-- ---- reading ----

CREATE FUNCTION pgmq.read(queue_name text, vt integer, qty integer, conditional jsonb DEFAULT '{}')
    RETURNS SETOF pgmq.message_record
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.read_with_poll(
    queue_name text,
    vt integer,
    qty integer,
    max_poll_seconds integer DEFAULT 5,
    poll_interval_ms integer DEFAULT 100,
    conditional jsonb DEFAULT '{}'
) RETURNS SETOF pgmq.message_record
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.pop(queue_name text) RETURNS SETOF pgmq.message_record
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.set_vt(queue_name text, msg_id bigint, vt integer) RETURNS SETOF pgmq.message_record
    LANGUAGE c AS '$libdir/pgmq';

-- ---- removing ----

CREATE FUNCTION pgmq.delete(queue_name text, msg_id bigint) RETURNS boolean
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.delete(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.archive(queue_name text, msg_id bigint) RETURNS boolean
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.archive(queue_name text, msg_ids bigint[]) RETURNS SETOF bigint
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.purge_queue(queue_name text) RETURNS bigint
    LANGUAGE c AS '$libdir/pgmq';

-- ---- looking ----

CREATE FUNCTION pgmq.list_queues() RETURNS SETOF pgmq.queue_record
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.metrics(queue_name text) RETURNS pgmq.metrics_result
    LANGUAGE c AS '$libdir/pgmq';
CREATE FUNCTION pgmq.metrics_all() RETURNS SETOF pgmq.metrics_result
    LANGUAGE c AS '$libdir/pgmq';

-- ---- queues ----

CREATE FUNCTION pgmq.format_table_name(queue_name text, prefix text) RETURNS text
    LANGUAGE sql
    AS $$ SELECT lower(prefix || '_' || queue_name) $$;

-- The table that messages wait in is of the kind that is asked for; the archive is an ordinary one.
CREATE FUNCTION pgmq._create(queue_name text, kind text) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    queue text := lower('q_' || queue_name);
    archive text := lower('a_' || queue_name);
BEGIN
    IF to_regclass(format('pgmq.%I', queue)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format(
        'CREATE %s TABLE pgmq.%I (
            msg_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            read_ct integer NOT NULL DEFAULT 0,
            enqueued_at timestamp with time zone NOT NULL DEFAULT now(),
            vt timestamp with time zone NOT NULL,
            message jsonb,
            headers jsonb)', kind, queue);
    EXECUTE format(
        'CREATE TABLE pgmq.%I (
            msg_id bigint PRIMARY KEY,
            read_ct integer NOT NULL DEFAULT 0,
            enqueued_at timestamp with time zone NOT NULL DEFAULT now(),
            archived_at timestamp with time zone NOT NULL DEFAULT now(),
            vt timestamp with time zone NOT NULL,
            message jsonb,
            headers jsonb)', archive);
    EXECUTE format('CREATE INDEX %I ON pgmq.%I (vt)', queue || '_vt_idx', queue);
    EXECUTE format('CREATE INDEX %I ON pgmq.%I (archived_at)', 'archived_at_idx_' || queue_name, archive);
    EXECUTE format('ALTER EXTENSION pgmq ADD TABLE pgmq.%I', queue);
    EXECUTE format('ALTER EXTENSION pgmq ADD TABLE pgmq.%I', archive);
END
$$;
CREATE FUNCTION pgmq.create_non_partitioned(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pgmq._create(queue_name, ''); END $$;
CREATE FUNCTION pgmq."create"(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pgmq._create(queue_name, ''); END $$;
CREATE FUNCTION pgmq.create_unlogged(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$ BEGIN PERFORM pgmq._create(queue_name, 'UNLOGGED'); END $$;
CREATE FUNCTION pgmq.detach_archive(queue_name text) RETURNS void
    LANGUAGE plpgsql
    AS $$ BEGIN EXECUTE format('ALTER EXTENSION pgmq DROP TABLE pgmq.%I', lower('a_' || queue_name)); END $$;
CREATE FUNCTION pgmq.drop_queue(queue_name text) RETURNS boolean
LANGUAGE plpgsql
AS $$
DECLARE
    part text;
BEGIN
    IF to_regclass(format('pgmq.%I', lower('q_' || queue_name))) IS NULL THEN
        RETURN false;
    END IF;
    FOREACH part IN ARRAY ARRAY['q_', 'a_'] LOOP
        EXECUTE format('ALTER EXTENSION pgmq DROP TABLE pgmq.%I', lower(part || queue_name));
        EXECUTE format('DROP TABLE pgmq.%I', lower(part || queue_name));
    END LOOP;
    RETURN true;
END
$$;
CREATE FUNCTION pgmq.drop_queue(queue_name text, partitioned boolean) RETURNS boolean
    LANGUAGE plpgsql
    AS $$ BEGIN RETURN pgmq.drop_queue(queue_name); END $$;

GRANT USAGE ON SCHEMA pgmq TO pg_monitor;
GRANT SELECT ON ALL TABLES IN SCHEMA pgmq TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA pgmq GRANT SELECT ON TABLES TO pg_monitor;
ALTER DEFAULT PRIVILEGES IN SCHEMA pgmq GRANT SELECT ON SEQUENCES TO pg_monitor;
