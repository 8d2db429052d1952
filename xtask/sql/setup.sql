-- Names of types as the data files write them: bare in pg_catalog, else after the schema or, for what an extension
-- made, after the extension.
CREATE FUNCTION pg_temp.owner_of(class regclass, object oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT extname::text FROM pg_catalog.pg_depend JOIN pg_catalog.pg_extension e ON e.oid = refobjid
    WHERE refclassid = 'pg_extension'::regclass AND classid = class AND objid = object AND deptype = 'e'
$$;
CREATE TEMP TABLE type_name (oid oid PRIMARY KEY, name text NOT NULL);
CREATE PROCEDURE pg_temp.name_types() LANGUAGE sql AS $$
    INSERT INTO pg_temp.type_name
    SELECT t.oid, CASE
        WHEN owner IS NOT NULL THEN owner || '.' || typname
        WHEN n.nspname = 'pg_catalog' THEN typname::text
        ELSE n.nspname || '.' || typname
    END
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    -- An array, a multirange and a row type are owned through what they belong to.
    CROSS JOIN LATERAL (SELECT coalesce(
        pg_temp.owner_of('pg_type', t.oid),
        CASE WHEN t.typcategory = 'A' THEN pg_temp.owner_of('pg_type', t.typelem) END,
        (SELECT pg_temp.owner_of('pg_type', r.rngtypid) FROM pg_catalog.pg_range r WHERE r.rngmultitypid = t.oid),
        CASE WHEN t.typrelid <> 0 THEN pg_temp.owner_of('pg_class', t.typrelid) END,
        (SELECT pg_temp.owner_of('pg_class', e.typrelid) FROM pg_catalog.pg_type e
         WHERE e.oid = t.typelem AND e.typrelid <> 0))) AS o(owner)
    WHERE NOT EXISTS (SELECT FROM pg_temp.type_name k WHERE k.oid = t.oid)
$$;
CALL pg_temp.name_types();
CREATE FUNCTION pg_temp.tn(t oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT name FROM pg_temp.type_name WHERE oid = t
$$;
-- OIDs of objects that initdb numbers differ from machine to machine: 0 here, given out by the reader.
CREATE FUNCTION pg_temp.pinned(o oid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN o < 10000 THEN o::text ELSE '' END
$$;

CREATE TEMP VIEW type_lines AS
SELECT t.oid, concat_ws(E'\t', typname, pg_temp.pinned(t.oid),
    CASE WHEN n.nspname = 'information_schema' THEN n.nspname ELSE '' END,
    concat(typtype, typcategory, typalign, typstorage) || CASE WHEN typispreferred THEN 'P' ELSE '' END
        || CASE WHEN typnotnull THEN 'N' ELSE '' END || CASE WHEN typbyval THEN 'V' ELSE '' END,
    typlen, typdelim,
    coalesce(pg_temp.tn(nullif(typelem, 0)), ''), coalesce(pg_temp.tn(nullif(typarray, 0)), ''),
    coalesce(pg_temp.tn(nullif(typbasetype, 0)), ''), CASE WHEN typtypmod = -1 THEN '' ELSE typtypmod::text END,
    coalesce(c.collname, ''),
    coalesce((SELECT pg_temp.tn(r.rngsubtype) || ' ' || pg_temp.tn(r.rngmultitypid) FROM pg_range r WHERE r.rngtypid = t.oid), ''),
    CASE WHEN typrelid = 0 THEN '' ELSE 'R' END) AS line
FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace LEFT JOIN pg_collation c ON c.oid = typcollation;

CREATE TEMP VIEW function_lines AS
SELECT p.oid, concat_ws(E'\t', proname, pg_temp.pinned(p.oid),
    CASE WHEN n.nspname = 'information_schema' THEN n.nspname ELSE '' END,
    concat(prokind, provolatile, proparallel) || CASE WHEN proisstrict THEN 'S' ELSE '' END
        || CASE WHEN proretset THEN 'R' ELSE '' END || CASE WHEN prosecdef THEN 'D' ELSE '' END
        || CASE WHEN proleakproof THEN 'L' ELSE '' END,
    l.lanname, pg_temp.tn(prorettype), CASE WHEN pronargdefaults = 0 THEN '' ELSE pronargdefaults::text END,
    coalesce(pg_temp.tn(nullif(provariadic, 0)), ''),
    coalesce((SELECT CASE WHEN aggkind <> 'n' THEN concat(aggkind, aggnumdirectargs) ELSE '' END
              FROM pg_aggregate WHERE aggfnoid = p.oid), ''),
    coalesce((
        SELECT string_agg(CASE WHEN coalesce(proargmodes[i], 'i') = 'i' THEN '' ELSE concat(proargmodes[i], '!') END
            || CASE WHEN coalesce(proargnames[i], '') = '' THEN '' ELSE proargnames[i] || ':' END
            || pg_temp.tn(t), ' ' ORDER BY i)
        FROM unnest(coalesce(proallargtypes, proargtypes::oid[])) WITH ORDINALITY AS u(t, i0)
        CROSS JOIN LATERAL (SELECT i0::int AS i) x), ''),
    coalesce(pg_get_expr(proargdefaults, 0), '')) AS line
FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_language l ON l.oid = prolang;

CREATE TEMP VIEW operator_lines AS
SELECT o.oid, concat_ws(E'\t', oprname, pg_temp.pinned(o.oid),
    oprkind::text || CASE WHEN oprcanmerge THEN 'M' ELSE '' END || CASE WHEN oprcanhash THEN 'H' ELSE '' END,
    coalesce(pg_temp.tn(nullif(oprleft, 0)), ''), coalesce(pg_temp.tn(nullif(oprright, 0)), ''),
    coalesce(pg_temp.tn(nullif(oprresult, 0)), ''), coalesce(p.proname, ''),
    coalesce((SELECT c.oprname FROM pg_operator c WHERE c.oid = o.oprcom), ''),
    coalesce((SELECT c.oprname FROM pg_operator c WHERE c.oid = o.oprnegate), ''),
    pg_temp.pinned(o.oprcode)) AS line
FROM pg_operator o LEFT JOIN pg_proc p ON p.oid = oprcode;

CREATE TEMP VIEW cast_lines AS
SELECT c.oid, concat_ws(E'\t', pg_temp.tn(castsource), pg_temp.tn(casttarget), concat(castcontext, castmethod),
    coalesce((SELECT proname FROM pg_proc p WHERE p.oid = castfunc), ''),
    CASE WHEN castfunc = 0 THEN '' ELSE pg_temp.pinned(castfunc) END) AS line
FROM pg_cast c;

CREATE TEMP VIEW opclass_lines AS
SELECT c.oid, concat_ws(E'\t', opcname, amname, CASE WHEN opcdefault THEN 'D' ELSE '' END, pg_temp.tn(opcintype),
    coalesce(pg_temp.tn(nullif(opckeytype, 0)), ''), opfname) AS line
FROM pg_opclass c JOIN pg_am a ON a.oid = opcmethod JOIN pg_opfamily f ON f.oid = opcfamily;

CREATE TEMP VIEW opfamily_lines AS
SELECT f.oid, concat_ws(E'\t', opfname, pg_temp.pinned(f.oid), amname) AS line
FROM pg_opfamily f JOIN pg_am a ON a.oid = opfmethod;

-- An operator of a family: strategy, the types in the family, the operator and its operands, the family that sorts.
CREATE TEMP VIEW amop_lines AS
SELECT amopfamily, concat_ws(E'\t', opfname, amname, amopstrategy, pg_temp.tn(amoplefttype), pg_temp.tn(amoprighttype),
    oprname, coalesce(pg_temp.tn(nullif(oprleft, 0)), ''), pg_temp.tn(oprright),
    coalesce((SELECT pg_temp.pinned(s.oid) FROM pg_opfamily s WHERE s.oid = amopsortfamily), '')) AS line
FROM pg_amop JOIN pg_opfamily f ON f.oid = amopfamily JOIN pg_am a ON a.oid = amopmethod
JOIN pg_operator o ON o.oid = amopopr;

CREATE TEMP VIEW relation_lines AS
SELECT c.oid, concat_ws(E'\t', relname, pg_temp.pinned(c.oid),
    CASE WHEN n.nspname = 'information_schema' THEN n.nspname ELSE '' END, relkind,
    (SELECT coalesce(string_agg(attname || ':' || pg_temp.tn(atttypid) || CASE WHEN attnotnull THEN '!' ELSE '' END, ' '
                                ORDER BY attnum), '')
     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)) AS line
FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace;
