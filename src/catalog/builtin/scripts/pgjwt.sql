-- pgjwt 0.2.0: JSON Web Tokens.

CREATE FUNCTION url_encode(data bytea) RETURNS text
    LANGUAGE c AS '$libdir/pgjwt';
CREATE FUNCTION url_decode(data text) RETURNS bytea
    LANGUAGE c AS '$libdir/pgjwt';
CREATE FUNCTION algorithm_sign(signables text, secret text, algorithm text) RETURNS text
    LANGUAGE c AS '$libdir/pgjwt';
CREATE FUNCTION sign(payload json, secret text, algorithm text DEFAULT 'HS256') RETURNS text
    LANGUAGE c AS '$libdir/pgjwt';
CREATE FUNCTION try_cast_double(inp text) RETURNS double precision
    LANGUAGE c IMMUTABLE AS '$libdir/pgjwt';
CREATE FUNCTION verify(token text, secret text, algorithm text DEFAULT 'HS256')
    RETURNS TABLE (header json, payload json, valid boolean)
    LANGUAGE c AS '$libdir/pgjwt';
