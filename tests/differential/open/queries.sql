-- case: a savepoint in a file that is sent as one message
-- file
CREATE TABLE one (id int);
SAVEPOINT s;
CREATE TABLE two (id int);
