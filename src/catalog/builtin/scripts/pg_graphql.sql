-- pg_graphql 1.5: a GraphQL interface to the schemas of the search_path.

CREATE SEQUENCE graphql.seq_schema_version AS integer CYCLE;

CREATE FUNCTION graphql.resolve(
    query text,
    variables jsonb DEFAULT '{}',
    "operationName" text DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb
    LANGUAGE c AS '$libdir/pg_graphql';
CREATE FUNCTION graphql._internal_resolve(
    query text,
    variables jsonb DEFAULT '{}',
    "operationName" text DEFAULT NULL,
    extensions jsonb DEFAULT NULL
) RETURNS jsonb
    LANGUAGE c AS '$libdir/pg_graphql';
CREATE FUNCTION graphql.comment_directive(comment_ text) RETURNS jsonb
    LANGUAGE c IMMUTABLE AS '$libdir/pg_graphql';
CREATE FUNCTION graphql.exception(message text) RETURNS text
    LANGUAGE c AS '$libdir/pg_graphql';
CREATE FUNCTION graphql.get_schema_version() RETURNS integer
    LANGUAGE c SECURITY DEFINER AS '$libdir/pg_graphql';
CREATE FUNCTION graphql.increment_schema_version() RETURNS event_trigger
    LANGUAGE c SECURITY DEFINER AS '$libdir/pg_graphql';
