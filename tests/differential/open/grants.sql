-- case: the grantor of a column's privilege that the table's grant option allows
CREATE ROLE a;
CREATE ROLE b;
CREATE TABLE t (id int, x int);
GRANT UPDATE ON t TO a WITH GRANT OPTION;
SET ROLE a;
GRANT UPDATE (x) ON t TO b;
RESET ROLE;
