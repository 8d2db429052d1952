-- pg_cron 1.6: jobs that the server runs by itself.

CREATE SCHEMA cron;
CREATE SEQUENCE cron.jobid_seq;
CREATE SEQUENCE cron.runid_seq;

CREATE TABLE cron.job (
    jobid bigint NOT NULL DEFAULT nextval('cron.jobid_seq'),
    schedule text NOT NULL,
    command text NOT NULL,
    nodename text NOT NULL DEFAULT 'localhost',
    nodeport integer NOT NULL DEFAULT inet_server_port(),
    database text NOT NULL DEFAULT current_database(),
    username text NOT NULL DEFAULT CURRENT_USER,
    active boolean NOT NULL DEFAULT true,
    jobname text,
    CONSTRAINT job_pkey PRIMARY KEY (jobid),
    CONSTRAINT jobname_username_uniq UNIQUE (jobname, username)
);
ALTER TABLE cron.job ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_policy ON cron.job USING (username = CURRENT_USER);

CREATE TABLE cron.job_run_details (
    jobid bigint,
    runid bigint NOT NULL DEFAULT nextval('cron.runid_seq'),
    job_pid integer,
    database text,
    username text,
    command text,
    status text,
    return_message text,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    CONSTRAINT job_run_details_pkey PRIMARY KEY (runid)
);
ALTER TABLE cron.job_run_details ENABLE ROW LEVEL SECURITY;
CREATE POLICY cron_job_run_details_policy ON cron.job_run_details USING (username = CURRENT_USER);

GRANT SELECT ON cron.job TO PUBLIC;
GRANT SELECT, DELETE ON cron.job_run_details TO PUBLIC;
GRANT SELECT ON cron.jobid_seq, cron.runid_seq TO PUBLIC;

CREATE FUNCTION cron.schedule(schedule text, command text) RETURNS bigint
    LANGUAGE c STRICT AS '$libdir/pg_cron';
CREATE FUNCTION cron.schedule(job_name text, schedule text, command text) RETURNS bigint
    LANGUAGE c AS '$libdir/pg_cron';
CREATE FUNCTION cron.schedule_in_database(
    job_name text,
    schedule text,
    command text,
    database text,
    username text DEFAULT NULL,
    active boolean DEFAULT true
) RETURNS bigint
    LANGUAGE c AS '$libdir/pg_cron';
CREATE FUNCTION cron.alter_job(
    job_id bigint,
    schedule text DEFAULT NULL,
    command text DEFAULT NULL,
    database text DEFAULT NULL,
    username text DEFAULT NULL,
    active boolean DEFAULT NULL
) RETURNS void
    LANGUAGE c AS '$libdir/pg_cron';
CREATE FUNCTION cron.unschedule(job_id bigint) RETURNS boolean
    LANGUAGE c STRICT AS '$libdir/pg_cron';
CREATE FUNCTION cron.unschedule(job_name text) RETURNS boolean
    LANGUAGE c STRICT AS '$libdir/pg_cron';
CREATE FUNCTION cron.job_cache_invalidate() RETURNS trigger
    LANGUAGE c AS '$libdir/pg_cron';

REVOKE ALL ON FUNCTION cron.alter_job(bigint, text, text, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION cron.schedule_in_database(text, text, text, text, text, boolean) FROM PUBLIC;

CREATE TRIGGER cron_job_cache_invalidate
    AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cron.job
    FOR EACH STATEMENT EXECUTE FUNCTION cron.job_cache_invalidate();
