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

# Beyond the coverage there is 0.
for c in (a) return encode(coverage m over $x x(-1:1) values c[i($x), j(0)], "csv")
=> 0,1,4

for c in (t3) return encode(condense max over $p t(imageCrsDomain(c, t)) using c[t($p), Lat:"CRS:1"(0)], "csv")
=> 100,101,102,103

for c in (t3) return domain(coverage m over $p Lat(domain(c, Lat)) values 1)
=> Lat(0:3)

for c in (t3) return encode((coverage m over $p x(domain(c, Long)) values $p)[x(11.2:12.7)], "csv")
=> 1,2

for c in (a) let $k := coverage k over $x x(0:1) value list <0;1>, $l := coverage k over $x x(3:4) value list <2;3> return encode($k + $l, "csv")
=> 2,4
