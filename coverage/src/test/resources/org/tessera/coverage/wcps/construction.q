# Constructors and condensers (OGC 08-068r2 7.1.12, 7.1.13).

cube a
axis i OGC/0/Index2D index 0:3
axis j OGC/0/Index2D index 0:2
band v UINT8
cells 1 2 3 4 5 6 7 8 9 10 11 12

cube rgb
axis i OGC/0/Index2D index 0:1
axis j OGC/0/Index2D index 0:1
band red UINT8 9
band green UINT8 9
band blue UINT8 9
cells 1 2 3 9
cells 10 20 30 40
cells 5 5 5 5

# 2 times x 3 latitudes (falling) x 4 longitudes; grid order t, Long, Lat; CRS order t, Lat, Long
cube t3
axis t OGC/0/AnsiDate irregular 0 148654 148660
axis Lat EPSG/0/4326 regular 0:2 2.5 -1
axis Long EPSG/0/4326 regular 0:3 10.5 1
grid t Long Lat
order t Lat Long
band v INT16 -1
cells 0 1 2 3 10 11 12 13 20 21 22 23 100 101 102 103 110 111 112 113 120 121 122 -1


for c in (a) return condense + over $x x(0:3) using c[i($x), j(0)]
=> 22

for c in (a) return condense + over $x x(1:3), $y y(0:1) where $x > $y + 1 using $x * 10 + $y
=> 81

for c in (a) return encode(coverage h over $n x(1:3) values count(c = $n), "csv")
=> 1,1,1

for c in (a) return encode(coverage h over $y y(0:1), $x x(0:2) values $y * 10 + $x, "csv")
=> {0,1,2},{10,11,12}

for c in (a) return encode(coverage h over $x x(0:1) value list <0; -1>, "csv")
=> 0,-1

for c in (a) return encode(coverage h over $x x(0:1) value list <0; 1; 2>, "csv")
=> error InvalidRequest has 2 cells but 3 values are given

for c in (a) return encode(coverage h over $x x(0:*) values 1, "csv")
=> error InvalidRequest whole numbers

for c in (a) return encode(coverage h over $x x("2015":"2016") values 1, "csv")
=> error InvalidRequest whole numbers

for c in (a) return encode(coverage m over $x x(0:2) values avg(c[i($x:$x + 1)]), "csv")
=> 3.5,6.5,9.5

# Indices that are computed lie within the coverage (OGC 08-068r2 7.1.10), unless it is extended.

for c in (a) return encode(coverage m over $x x(-1:1) values c[i($x), j(0)], "csv")
=> error InvalidSubsetting the indices computed for axis 'i' are -1:1, beyond the coverage's 0:3; extend(...) makes a coverage larger. (at line 1, column 62)

for c in (a) return encode(coverage m over $x x(0:4) values c[i($x), j(0)], "csv")
=> error InvalidSubsetting the indices computed for axis 'i' are 0:4

for c in (a) return encode(coverage m over $x x(0:3) values avg(c[i($x - 1:$x + 1), j(0)]), "csv")
=> error InvalidSubsetting the indices computed for axis 'i' are -1:4

for c in (a) return condense + over $x x(0:12) using c[i($x), j(0)]
=> error InvalidSubsetting the indices computed for axis 'i' are 0:12

for c in (a) return c[i:"CRS:1"(2 + 2), j(0)]
=> error InvalidSubsetting the indices computed for axis 'i' are 4:4

for c in (a) return encode(coverage m over $x x(-1:1) values extend(c, {i(-1:3)})[i($x), j(0)], "csv")
=> 0,1,4

# By the rule gdal they may lie beyond it, where cells are null or 0.

# rule gdal

for c in (a) return encode(coverage m over $x x(-1:1) values c[i($x), j(0)], "csv")
=> 0,1,4

for c in (a) return c[i:"CRS:1"(2 + 2), j(0)]
=> 0

# rule footprint

for c in (t3) return encode(condense max over $p t(imageCrsDomain(c, t)) using c[t($p), Lat:"CRS:1"(0)], "csv")
=> 100,101,102,103

for c in (t3) return domain(coverage m over $p Lat(domain(c, Lat)) values 1)
=> Lat(0:3)

for c in (t3) return encode((coverage m over $p x(domain(c, Long)) values $p)[x(11.2:12.7)], "csv")
=> 1,2

for c in (a) let $k := coverage k over $x x(0:1) value list <0;1>, $l := coverage k over $x x(3:4) value list <2;3> return encode($k + $l, "csv")
=> 2,4

# Steps of the calendar (not in OGC 08-068r2). Some days of 2004, a leap year, at two places.

cube year
axis t OGC/0/AnsiDate irregular 0 147222 147223 147224 147251 147252 147253 147254
axis x OGC/0/Index1D index 0:1
band v INT16 -1
cells 1 2 3 4 5 6 7 8 9 10 11 12 13 -1

# 147222 is 2004-01-30: January has two days, February three (1st, 28th, 29th), March two.

for c in (year) return encode(coverage m over $m t("2004-01":"2004-03":"P1M") values avg(c[t($m)]), "csv")
=> 2.5,7.5,12

for c in (year) return encode(coverage m over $m t(domain(c, t):"P1M") values count(c[t($m), x(0)] > 0), "csv")
=> 2,3,2

for c in (year) return encode(coverage m over $m t("2004":"P1Y"), $x x(0:1) values max(c[t($m), x($x)]), "csv")
=> {13,12}

# The axis has the first days; the values may be coverages.

for c in (year) return domain(coverage m over $m t("2004-02-01":"2004-03-01":"P1M") values max(c[t($m)]), t)
=> ("2004-02-01T00:00:00.000Z":"2004-03-01T00:00:00.000Z")

for c in (year) return encode((coverage m over $m t("2004-01":"2004-03":"P1M") values condense + over $d d(0:0) using c[t($m.lo), x($d)]), "csv")
=> error InvalidRequest slicing '"2004-01-01T00:00:00Z"' is not within

for c in (year) return encode(coverage m over $m t("2004-01":"2004-03":"P1M") values condense max over $k k(imageCrsDomain(c[t($m)], t)) using c[t:"CRS:1"($k)], "csv")
=> {3,4},{9,10},{13,12}

# Condensing over periods, with a condition.

for c in (year) return condense + over $m t("2004-01":"2004-03":"P1M") using max(c[t($m)])
=> 27

for c in (year) return condense + over $m t("2004-01":"2004-03":"P1M") where count(c[t($m), x(0)] >= 0) > 2 using max(c[t($m)])
=> 10

# From the given day; the end of shorter months; days across 29 February.

for c in (year) return encode(coverage m over $m t("2004-01-30":"2004-03-10":"P1M") values max(c[t($m), x(0)]), "csv")
=> 7,13

for c in (year) return encode(coverage m over $m t("2004-02-27T00:00":"2004-03-02T00:00":"P2D") values max(c[t($m), x(0)]), "csv")
=> 7,11,13

for c in (year) return $m
=> error SemanticError

for c in (year) return encode(coverage m over $m t("2004-01":"2004-04":"P1M") values avg(c[t($m)]), "csv")
=> error InvalidSubsetting has no point from "2004-04-01T00:00:00.000Z" to before "2004-05-01T00:00:00.000Z"

for c in (year) return encode(coverage m over $m t("2004-01":"2004-02":"1M") values avg(c[t($m)]), "csv")
=> error InvalidSubsetting '1M' is no length of time

for c in (year) return encode(coverage m over $m when("2004-01":"2004-02":"P1M") values avg(c[t($m)]), "csv")
=> error InvalidSubsetting no coverage of the query has a time axis 'when'

for c in (year) return encode(coverage m over $m when:"http://www.opengis.net/def/crs/OGC/0/UnixTime"("2004-01":"2004-02":"P1M") values avg(c[t($m)]), "csv")
=> 2.5,7.5

for c in (year) return encode(coverage m over $m t("2004-01":"2004-02":"P1M") values c[t($m)], "csv")
=> error InvalidRequest Values must have the same grid in each period

for c in (year) return encode(coverage m over $m t("2004-01":"2004-02":"P1M") values avg(c[x($m)]), "csv")
=> error InvalidSubsetting Axis 'x' is no time axis

for c in (year) return encode(coverage m over $m t("1004-01":"2004-02":"P1D") values 1, "csv")
=> error RequestTooLarge more than 10000 steps

for c in (year) return encode(coverage m over $m t("2004-02":"2004-01":"P1M") values 1, "csv")
=> error InvalidSubsetting is after

# Another calendar of the CF conventions: 28 February to 2 March 2000 of a year of 360 days.

cube days360
axis t OGC/0/Temporal?epoch="1850-01-01"&uom="d"&label="t"&calendar="360_day" irregular 0 54057 54058 54059 54060 54061
band v INT16 -1
cells 1 2 3 4 5

for c in (days360) return encode(c[t("2000-02-30")], "csv")
=> 3

for c in (days360) return encode(c[t("2000-02-29":"2000-03-01")], "csv")
=> 2,3,4

for c in (days360) return encode(c[t("2000-02")], "csv")
=> error InvalidSubsetting is not within coverage

for c in (days360) return domain(c, t)
=> ("2000-02-28T00:00:00.000Z":"2000-03-02T00:00:00.000Z")

for c in (days360) return c[t("2000-02-31")]
=> error InvalidSubsetting neither an ISO 8601 time of the calendar 360_day nor a number

for c in (days360) return encode(coverage m over $m t("2000-02":"2000-03":"P1M") values add(c[t($m)]), "csv")
=> 6,9

for c in (days360) return encode(coverage m over $m t(domain(c, t):"P1D") values add(c[t($m)]), "csv")
=> 1,2,3,4,5

for c in (days360), y in (year) return encode(coverage m over $m t:"http://www.opengis.net/def/crs/OGC/0/AnsiDate"("2000-02":"2000-03":"P1M") values add(c[t($m)]), "csv")
=> error InvalidSubsetting has the calendar 360_day, but the period is one of the calendar proleptic_gregorian
