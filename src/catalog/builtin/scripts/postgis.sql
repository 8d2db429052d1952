-- Of postgis 3.3 what its members do not say: its table, and the functions that change tables.

CREATE TABLE spatial_ref_sys (
    srid integer NOT NULL,
    auth_name character varying(256),
    auth_srid integer,
    srtext character varying(2048),
    proj4text character varying(2048),
    CONSTRAINT spatial_ref_sys_pkey PRIMARY KEY (srid),
    CONSTRAINT spatial_ref_sys_srid_check CHECK (srid > 0 AND srid <= 998999)
);
GRANT SELECT ON spatial_ref_sys, geometry_columns, geography_columns TO PUBLIC;

CREATE OR REPLACE FUNCTION addgeometrycolumn(
    catalog_name character varying,
    schema_name character varying,
    table_name character varying,
    column_name character varying,
    new_srid_in integer,
    new_type character varying,
    new_dim integer,
    use_typmod boolean DEFAULT true
) RETURNS text
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    target text := CASE WHEN schema_name = '' THEN format('%I', table_name) ELSE format('%I.%I', schema_name, table_name) END;
    kind text := new_type || CASE
        WHEN new_dim = 4 AND new_type !~* 'zm$' THEN 'ZM'
        WHEN new_dim = 3 AND new_type !~* '[zm]$' THEN 'Z'
        ELSE ''
    END;
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I @extschema@.geometry(%s, %s)', target, column_name, kind, new_srid_in);
    RETURN target || '.' || column_name || ' SRID:' || new_srid_in || ' TYPE:' || new_type || ' DIMS:' || new_dim || ' ';
END
$$;
CREATE OR REPLACE FUNCTION addgeometrycolumn(
    schema_name character varying,
    table_name character varying,
    column_name character varying,
    new_srid integer,
    new_type character varying,
    new_dim integer,
    use_typmod boolean DEFAULT true
) RETURNS text
    LANGUAGE plpgsql STABLE STRICT
    AS $$
    BEGIN
        RETURN @extschema@.addgeometrycolumn('', schema_name, table_name, column_name, new_srid, new_type, new_dim);
    END
    $$;
CREATE OR REPLACE FUNCTION addgeometrycolumn(
    table_name character varying,
    column_name character varying,
    new_srid integer,
    new_type character varying,
    new_dim integer,
    use_typmod boolean DEFAULT true
) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$
    BEGIN
        RETURN @extschema@.addgeometrycolumn('', '', table_name, column_name, new_srid, new_type, new_dim);
    END
    $$;

CREATE OR REPLACE FUNCTION dropgeometrycolumn(
    catalog_name character varying,
    schema_name character varying,
    table_name character varying,
    column_name character varying
) RETURNS text
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    target text := CASE WHEN schema_name = '' THEN format('%I', table_name) ELSE format('%I.%I', schema_name, table_name) END;
BEGIN
    EXECUTE format('ALTER TABLE %s DROP COLUMN %I', target, column_name);
    RETURN target || '.' || column_name || ' effectively removed.';
END
$$;
CREATE OR REPLACE FUNCTION dropgeometrycolumn(
    schema_name character varying,
    table_name character varying,
    column_name character varying
) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.dropgeometrycolumn('', schema_name, table_name, column_name); END $$;
CREATE OR REPLACE FUNCTION dropgeometrycolumn(table_name character varying, column_name character varying) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.dropgeometrycolumn('', '', table_name, column_name); END $$;

CREATE OR REPLACE FUNCTION dropgeometrytable(
    catalog_name character varying,
    schema_name character varying,
    table_name character varying
) RETURNS text
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    target text := CASE WHEN schema_name = '' THEN format('%I', table_name) ELSE format('%I.%I', schema_name, table_name) END;
BEGIN
    EXECUTE format('DROP TABLE IF EXISTS %s RESTRICT', target);
    RETURN target || ' dropped.';
END
$$;
CREATE OR REPLACE FUNCTION dropgeometrytable(schema_name character varying, table_name character varying) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.dropgeometrytable('', schema_name, table_name); END $$;
CREATE OR REPLACE FUNCTION dropgeometrytable(table_name character varying) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.dropgeometrytable('', '', table_name); END $$;

-- What kind of geometry a column holds is read from a view that is not evaluated, so the new type is not known.
CREATE OR REPLACE FUNCTION updategeometrysrid(
    catalogn_name character varying,
    schema_name character varying,
    table_name character varying,
    column_name character varying,
    new_srid_in integer
) RETURNS text
LANGUAGE plpgsql STRICT
AS $$
DECLARE
    target text := CASE WHEN schema_name = '' THEN format('%I', table_name) ELSE format('%I.%I', schema_name, table_name) END;
    kind text := (SELECT g.type FROM @extschema@.geometry_columns g
                  WHERE g.f_table_name = table_name AND g.f_geometry_column = column_name);
BEGIN
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE @extschema@.geometry(%s, %s)',
                   target, column_name, kind, new_srid_in);
    RETURN target || '.' || column_name || ' SRID changed to ' || new_srid_in;
END
$$;
CREATE OR REPLACE FUNCTION updategeometrysrid(character varying, character varying, character varying, integer)
    RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.updategeometrysrid('', $1, $2, $3, $4); END $$;
CREATE OR REPLACE FUNCTION updategeometrysrid(character varying, character varying, integer) RETURNS text
    LANGUAGE plpgsql STRICT
    AS $$ BEGIN RETURN @extschema@.updategeometrysrid('', '', $1, $2, $3); END $$;
CREATE OR REPLACE FUNCTION populate_geometry_columns(tbl_oid oid, use_typmod boolean DEFAULT true) RETURNS integer
LANGUAGE plpgsql
AS $$
DECLARE
    target text := tbl_oid::regclass::text;
    found_column text;
    kind text;
BEGIN
    SELECT g.f_geometry_column, g.type INTO found_column, kind FROM @extschema@.geometry_columns g;
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE @extschema@.geometry(%s)', target, found_column, kind);
    RETURN 1;
END
$$;
CREATE OR REPLACE FUNCTION populate_geometry_columns(use_typmod boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql
AS $$
DECLARE
    target text;
    found_column text;
    kind text;
BEGIN
    SELECT g.f_table_name, g.f_geometry_column, g.type INTO target, found_column, kind
    FROM @extschema@.geometry_columns g;
    EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE @extschema@.geometry(%s)', target, found_column, kind);
    RETURN '';
END
$$;
