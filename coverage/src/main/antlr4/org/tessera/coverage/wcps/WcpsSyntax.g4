// WCPS (OGC 08-068r2) with the extensions of this field. Functions are calls of one rule: which
// there are, and what their arguments mean, is said in ExprBuilder. Precedence, from high to low, is
// the order of the alternatives of 'expression'.
grammar WcpsSyntax;

options { caseInsensitive = true; }

wholeQuery : query EOF ;

wholeExpression : expression EOF ;

wholeShape : shape EOF ;

wholeDimensions : dimension (',' dimension)* EOF ;

query
  : FOR iteration (',' iteration)* (letClause | whereClause)* RETURN expression
  ;

iteration : variable IN ('(' source (',' source)* ')' | source) ;

source
  : DECODE '(' PART (',' STRING)? ')'   # uploaded
  | coverageName                        # stored
  ;

// After @ a version of the coverage: its number, its name, or a time at which it was current.
coverageName : anyName (':' (anyName | NUMBER))* ('@' (anyName | NUMBER | STRING))? ;

letClause : LET let (',' let)* ;

let : variable ':=' (brackets | shape | expression) ;

whereClause : WHERE expression ;

expression
  : expression '.' anyName                                            # field
  | expression POINT_NUMBER                                           # field
  | expression '[' subset (',' subset)* ']'                           # subsetting
  | ('-' | '+') expression                                            # sign
  | '(' type ')' expression                                           # cast
  | NUMBER                                                            # number
  | POINT_NUMBER                                                      # number
  | STRING                                                            # string
  | variable                                                          # name
  | call                                                              # function
  | '(' expression (',' expression)? ')'                              # parentheses
  | '{' component (';' component)* ';'? '}'                           # rangeConstructor
  | COVERAGE anyName OVER axisIterator (',' axisIterator)*
      VALUE LIST '<' constant (';' constant)* ';'? '>'                # constructList
  | expression ('*' | '/' | MOD | DIV) expression                     # binary
  | expression ('+' | '-') expression                                 # binary
  | expression ('=' | '!=' | '<' | '<=' | '>' | '>=') expression      # binary
  | expression IS NOT? NULL                                           # isNull
  | NOT expression                                                    # not
  | expression AND expression                                         # binary
  | expression (OR | XOR) expression                                  # binary
  | expression OVERLAY expression                                     # binary
  | SWITCH switchCase+ DEFAULT RETURN expression                      # switch
  | FLIP expression ALONG anyName                                     # flip
  | SORT expression ALONG anyName (ASC | DESC)? BY expression         # sort
  | COVERAGE anyName OVER axisIterator (',' axisIterator)*
      VALUES expression                                               # construct
  | CONDENSE operator OVER axisIterator (',' axisIterator)*
      (WHERE expression)? USING expression                            # condense
  ;

variable : VARIABLE | NAME | TYPE ;

type : UNSIGNED? TYPE ;

component : anyName ':' expression ;

switchCase : CASE expression RETURN expression ;

operator : '+' | '*' | AND | OR | NAME ('(' NUMBER ')')? ;

// A third part, or a string after a domain, is the length of the periods of time to run over.
axisIterator : variable anyName crs? '(' interval (':' STRING)? ')' ;

constant
  : ('-' | '+')? (NUMBER | POINT_NUMBER)   # constantNumber
  | STRING                                 # constantString
  | NAME                                   # constantName
  | '(' expression (',' expression)? ')'   # constantInParentheses
  ;

call : functionName '(' (argument (',' argument)*)? ')' (WITH COORDINATES)? ;

functionName : NAME | MOD | DIV | OVERLAY | DESCRIBE ;

argument
  : expression
  | braces
  | brackets
  | shape
  | DISCRETE
  ;

braces : '{' (item (',' item)*)? '}' ;

item
  : dimension
  | anyName ':' expression
  | expression
  ;

brackets : '[' dimension (',' dimension)* ']' ;

subset : dimension | variable ;

dimension : anyName crs? '(' interval ')' ;

interval : bound (':' bound)? ;

bound : '*' | expression ;

crs : ':' STRING ;

shape
  : POLYGON NAME? rings                                                       # polygon
  | MULTIPOLYGON NAME? '(' rings (',' rings)* ')'                             # multiPolygon
  | LINESTRING NAME? '(' vertices ')'                                         # lineString
  | CURTAIN '(' projection ',' shapeArgument ')'                              # curtain
  | CORRIDOR '(' projection ',' shapeArgument ',' shapeArgument (',' DISCRETE)? ')'  # corridor
  ;

shapeArgument : shape | variable ;

projection : PROJECTION '(' anyName (',' anyName)* ')' ;

rings : '(' ring (',' ring)* ')' ;

ring : '(' vertices ')' ;

vertices : vertex (',' vertex)* ;

vertex : coordinate+ ;

coordinate
  : ('-' | '+')? (NUMBER | POINT_NUMBER)
  | STRING
  | '(' expression ')'
  ;

// Where a name is expected, a keyword is a name too. A $ in front of it does not matter.
anyName
  : NAME | VARIABLE | FOR | IN | LET | WHERE | RETURN | DECODE | COVERAGE | OVER | VALUE | VALUES
  | LIST | CONDENSE | USING | SWITCH | CASE | DEFAULT | FLIP | SORT | ALONG | ASC | DESC | BY | IS
  | NOT | NULL | AND | OR | XOR | OVERLAY | MOD | DIV | UNSIGNED | TYPE | WITH | COORDINATES
  | DISCRETE | PROJECTION | POLYGON | MULTIPOLYGON | LINESTRING | CURTAIN | CORRIDOR | DESCRIBE
  ;

FOR : 'for' ;
IN : 'in' ;
LET : 'let' ;
WHERE : 'where' ;
RETURN : 'return' ;
DECODE : 'decode' ;
COVERAGE : 'coverage' ;
OVER : 'over' ;
VALUE : 'value' ;
VALUES : 'values' ;
LIST : 'list' ;
CONDENSE : 'condense' ;
USING : 'using' ;
SWITCH : 'switch' ;
CASE : 'case' ;
DEFAULT : 'default' ;
FLIP : 'flip' ;
SORT : 'sort' ;
ALONG : 'along' ;
ASC : 'asc' ;
DESC : 'desc' ;
BY : 'by' ;
IS : 'is' ;
NOT : 'not' ;
NULL : 'null' ;
AND : 'and' ;
OR : 'or' ;
XOR : 'xor' ;
OVERLAY : 'overlay' ;
MOD : 'mod' ;
DIV : 'div' ;
WITH : 'with' ;
COORDINATES : 'coordinates' ;
DISCRETE : 'discrete' ;
PROJECTION : 'projection' ;
POLYGON : 'polygon' ;
MULTIPOLYGON : 'multipolygon' ;
LINESTRING : 'linestring' ;
CURTAIN : 'curtain' ;
CORRIDOR : 'corridor' ;
DESCRIBE : 'describe' ;
UNSIGNED : 'unsigned' ;
TYPE
  : 'boolean' | 'char' | 'octet' | 'short' | 'int' | 'long' | 'float' | 'double'
  | 'complex' | 'complex2' | 'complexd' | 'cint16' | 'cint32'
  ;

PART : '$' [0-9]+ ;
NUMBER : [0-9]+ ('.' [0-9]+)? EXPONENT? ;
POINT_NUMBER : '.' [0-9]+ EXPONENT? ;
VARIABLE : '$' NAME_PART+ ;
NAME : [0-9]* NAME_START NAME_PART* ;
STRING : '"' (~["\\] | '\\' .)* '"' | '\'' (~['\\] | '\\' .)* '\'' ;

COMMENT : '/*' .*? '*/' -> skip ;
LINE_COMMENT : '--' ~[\r\n]* -> skip ;
BLANK : [ \t\r\n\u00a0\ufeff]+ -> skip ;

// Anything else: the parser says what was expected instead.
OTHER : . ;

fragment EXPONENT : 'e' [+-]? [0-9]+ ;
fragment NAME_START : [\p{L}] | '_' ;
fragment NAME_PART : [\p{L}] | [0-9] | '_' ;
