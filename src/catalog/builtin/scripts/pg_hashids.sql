-- pg_hashids 1.3: short texts for numbers.

CREATE FUNCTION id_encode(number bigint) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(number bigint, salt text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(number bigint, salt text, min_length integer) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(number bigint, salt text, min_length integer, alphabet text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(numbers bigint[]) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(numbers bigint[], salt text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(numbers bigint[], salt text, min_length integer) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_encode(numbers bigint[], salt text, min_length integer, alphabet text) RETURNS text
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode(hash text) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode(hash text, salt text) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode(hash text, salt text, min_length integer) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode(hash text, salt text, min_length integer, alphabet text) RETURNS bigint[]
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode_once(hash text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode_once(hash text, salt text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode_once(hash text, salt text, min_length integer) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
CREATE FUNCTION id_decode_once(hash text, salt text, min_length integer, alphabet text) RETURNS bigint
    LANGUAGE c IMMUTABLE STRICT AS '$libdir/pg_hashids';
