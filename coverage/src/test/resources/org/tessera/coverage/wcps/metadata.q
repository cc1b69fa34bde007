# About coverages (OGC 08-068r2 7.1.2, 7.1.3).

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


for c in (a) return identifier(c)
=> a

for c in (a) return imageCrs(c)
=> CRS:1

for c in (a) return crsSet(c)
=> http://localhost/def/crs/OGC/0/Index2D

for c in (t3) return crsSet(c[t:"CRS:1"(0)])
=> http://localhost/def/crs/EPSG/0/4326

for c in (t3) return imageCrsDomain(c)
=> (0:1,0:3,0:2)

for c in (t3) return domain(c)
=> t("2008-01-01T00:00:00.000Z":"2008-01-07T00:00:00.000Z"),Lat(0:3),Long(10:14)

for c in (t3) return imageCrsDomain(c, Lat)
=> (0:2)

for c in (t3) return domain(c, Long, "CRS:1")
=> (0:3)

for c in (t3) return domain(c, Lat).resolution
=> -1

for c in (t3) return imageCrsDomain(c, Long).hi + domain(c, Long).lo
=> 13

for c in (t3) return domain(c, t).hi
=> "2008-01-07T00:00:00.000Z"

for c in (t3) return imageCrsDomain(c).lo
=> error InvalidRequest Cannot extract bound from result of imageCrsdomain() / domain() on 2D+ coverage.

for c in (t3) return domain(c, x)
=> error InvalidAxisLabel x

for c in (t3) return cellCount(c)
=> 24

for c in (t3) return identifier(avg(c))
=> error InvalidRequest Coverage is 0D, cannot apply 'identifier' operator on it.

for c in (a) return domain(avg(c), i)
=> error InvalidRequest 0D
