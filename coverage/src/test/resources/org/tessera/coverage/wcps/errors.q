# What is wrong is told with its place: line and column, what was found, what there is, and what may
# have been meant (features.md rows 3.1 to 3.34: clear errors).

cube temperature
axis t OGC/0/AnsiDate irregular 0 148654 148660
axis Lat EPSG/0/4326 regular 0:2 2.5 -1
axis Long EPSG/0/4326 regular 0:3 10.5 1
band red INT16 -1
band green INT16 -1
cells 0 1 2 3 10 11 12 13 20 21 22 23 100 101 102 103 110 111 112 113 120 121 122 -1
cells 0 1 2 3 10 11 12 13 20 21 22 23 100 101 102 103 110 111 112 113 120 121 122 -1

cube line
axis x OGC/0/Index1D index 0:4
band v UINT8
cells 1 2 3 4 5

# Names that do not exist.

for $c in (temprature) return avg($c)
=> error NoSuchCoverage Coverage 'temprature' does not exist in the server. Did you mean 'temperature'? (at line 1, column 12)

for $c in (nothing) return avg($c)
=> error NoSuchCoverage does not exist in the server. (at line 1, column 12)

for $c in (temperature)
return avg($c.gren)
=> error NoSuchField Range field 'gren' does not exist, the coverage has [red, green]. Did you mean 'green'? (at line 2, column 15)

for $c in (temperature) return avg($c[Lat(2), Lnog(11)].red)
=> error InvalidAxisLabel Axis label 'Lnog' does not exist, the coverage has [t, Lat, Long]. Did you mean 'Long'? (at line 1, column 47)

for $cube in (temperature) return avg($cbue.red)
=> error SemanticError Variable '$cbue' is not defined at line 1, column 39. Did you mean 'cube'?

for $c in (line) return encode($c, "cvs")
=> error InvalidFormat Format 'cvs' is not supported for encoding; the formats are text/csv, application/json, image/x-aaigrid. Did you mean 'csv'? (at line 1, column 25)

for $c in (line) return sqtr(max($c))
=> error SyntaxError There is no function 'sqtr' at line 1, column 25. Did you mean 'sqrt'?

for $c in (line) return condense maximum over $x x(0:4) using $c[x($x)]
=> error SyntaxError not with 'maximum' at line 1, column 25.

for $c in (temperature) return flip $c.red along Lot
=> error InvalidAxisLabel Did you mean 'Lat'? (at line 1, column 32)

# Numbers of arguments, and types.

for $c in (line) return avg(pow($c))
=> error SyntaxError Function 'pow' takes 2 arguments, found 1 at line 1, column 29.

for $c in (line) return avg($c, 2)
=> error SyntaxError Function 'avg' takes 1 argument, found 2 at line 1, column 25.

for $c in (line) return scale($c)
=> error SyntaxError line 1, column 25: scale takes 2 to 3 arguments, found 1

for $c in (line) return avg(not $c)
=> error InvalidRequest (at line 1, column 29)

for $c in (line) return avg($c + "1")
=> error InvalidRequest A coverage or a value is needed but text was found at line 1, column 34.

for $c in (line) return avg($c[x("one")])
=> error InvalidSubsetting '"one"' is not a number for axis 'x'. (at line 1, column 32)

for $c in (line), $d in (temperature) return avg($c + $d.red)
=> error InvalidRequest incompatible, given: 1 and 3 axes. (at line 1, column 50)

for $c in (line) return max((byte) $c)
=> error NoApplicableCode Unknown WCPS base type 'byte' for casting. (at line 1, column 30)

for $c in (line) return max((complex3) $c)
=> error NoApplicableCode Unknown WCPS base type 'complex3' for casting. (at line 1, column 30)

for $c in (line) where $c > 2 return 1
=> error InvalidRequest The where condition must be a single boolean value. (at line 1, column 24)

# Subsets out of bounds.

for $c in (temperature) return avg($c[Lat(0:1), Long(20:30)].red)
=> error InvalidSubsetting trimming '20:30' is not within coverage's geo bounds '10:14' for axis 'Long'. (at line 1, column 49)

for $c in (temperature) return avg($c[t("2001-01-01")].red)
=> error InvalidSubsetting (at line 1, column 39)

for $c in (line) return avg($c[x(3:1)])
=> error InvalidSubsetting must be less than or equal to upper bound '1' for axis 'x'. (at line 1, column 32)

for $c in (line) return avg($c[x:"CRS:1"(9)])
=> error InvalidSubsetting slicing '9' is not within coverage's grid bounds '0:4' for axis 'x'. (at line 1, column 32)

for $c in (line) return avg(clip($c, POLYGON((0 0, 1 1, 2 0))))
=> error InvalidRequest (at line 1, column 29)

# Options of encode that no format knows.

for $c in (line) return encode($c, "csv", "ordr=inner_outer")
=> error InvalidRequest Option 'ordr' is not known to text/csv; its options are

for $c in (line) return encode($c, "json", "{\"formatParameters\": {\"QUALITY\": 80}}")
=> error InvalidRequest Option 'QUALITY' is not known to application/json
