-- pg_net 0.19: HTTP requests that a worker sends after the transaction.

CREATE SCHEMA IF NOT EXISTS net;

CREATE DOMAIN net.http_method AS text
    CHECK (VALUE ILIKE 'get' OR VALUE ILIKE 'post' OR VALUE ILIKE 'delete');
CREATE TYPE net.request_status AS ENUM ('PENDING', 'SUCCESS', 'ERROR');
CREATE TYPE net.http_response AS (status_code integer, headers jsonb, body text);
CREATE TYPE net.http_response_result AS (status net.request_status, message text, response net.http_response);

CREATE UNLOGGED TABLE net.http_request_queue (
    id bigserial,
    method net.http_method NOT NULL,
    url text NOT NULL,
    headers jsonb,
    body bytea,
    timeout_milliseconds integer NOT NULL
);
CREATE UNLOGGED TABLE net._http_response (
    id bigint,
    status_code integer,
    content_type text,
    headers jsonb,
    content text,
    timed_out boolean,
    error_msg text,
    created timestamp with time zone NOT NULL DEFAULT now()
);
CREATE INDEX _http_response_created_idx ON net._http_response (created);

-- Each queues a request and returns its number.
CREATE FUNCTION net.http_get(
    url text,
    params jsonb DEFAULT '{}',
    headers jsonb DEFAULT '{}',
    timeout_milliseconds integer DEFAULT 5000
) RETURNS bigint
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.http_post(
    url text,
    body jsonb DEFAULT '{}',
    params jsonb DEFAULT '{}',
    headers jsonb DEFAULT '{"Content-Type": "application/json"}',
    timeout_milliseconds integer DEFAULT 5000
) RETURNS bigint
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.http_delete(
    url text,
    params jsonb DEFAULT '{}',
    headers jsonb DEFAULT '{}',
    timeout_milliseconds integer DEFAULT 5000,
    body jsonb DEFAULT NULL
) RETURNS bigint
    LANGUAGE c AS '$libdir/pg_net';

CREATE FUNCTION net.http_collect_response(request_id bigint, async boolean DEFAULT true) RETURNS net.http_response_result
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net._http_collect_response(request_id bigint, async boolean DEFAULT true)
    RETURNS net.http_response_result
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net._await_response(request_id bigint) RETURNS boolean
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.check_worker_is_up() RETURNS void
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.wait_until_running() RETURNS void
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.worker_restart() RETURNS boolean
    LANGUAGE c AS '$libdir/pg_net';
CREATE FUNCTION net.wake() RETURNS void
    LANGUAGE c AS '$libdir/pg_net';

GRANT USAGE ON SCHEMA net TO PUBLIC;
GRANT ALL ON ALL TABLES IN SCHEMA net TO PUBLIC;
GRANT ALL ON ALL SEQUENCES IN SCHEMA net TO PUBLIC;
