# Clip and crsTransform.

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


for c in (a) return encode(clip(c, POLYGON((1 0, 1 2, 3 2))), "csv")
=> {4,5,6},{0,8,9},{0,0,12}

for c in (a) return encode(clip(c, LINESTRING(0 0, 3 2)), "csv")
=> 1,5,8,12

for c in (a) return encode(clip(c, LINESTRING(0 0, 1 1)) with coordinates, "csv")
=> "0 0 1","1 1 5"

for c in (t3) return encode(clip(c[t:"CRS:1"(0)], POLYGON((0.5 10.5, 2.5 10.5, 2.5 11.5, 0.5 11.5))), "csv")
=> {0,10,20},{1,11,21}

for c in (t3) return encode(clip(c, CURTAIN(projection(Lat, Long), LINESTRING(2.5 10.5, 1.5 11.5))), "csv")
=> {{0,-1},{-1,11}},{{100,-1},{-1,111}}

for c in (a) return encode(clip(c, POLYGON((50 50, 60 50, 60 60))), "csv")
=> error InvalidSubsetting does not intersect

for c in (t3) return encode(crsTransform(c[t:"CRS:1"(0)], "EPSG:4326", {}, {Lat: 1, Lon: 2}), "csv")
=> {1,11,21},{3,13,23}

for c in (t3) return encode(crsTransform(c, "3857"), "csv")
=> error InvalidRequest CRS authority code is not valid. Given: 3857

for c in (t3) return encode(crsTransform(c, "EPSG:4326", {}, {Lat: 0}), "csv")
=> error InvalidRequest Target resolution for axis Lat must be a non-zero number.


for c in (t3) return encode(crsTransform(c[t:"CRS:1"(1)], "EPSG:4326", {average}, {Lat: 1.5, Lon: 2}, {Lat(0:3), Lon(10:14)}), "csv")
=> {104,117},{106,117}

for c in (t3) return encode(crsTransform(c[t:"CRS:1"(1)], "EPSG:4326", {max}, {Lat: 1.5, Lon: 2}, {Lat(0:3), Lon(10:14)}), "csv")
=> {111,121},{113,122}

# other axes come along
for c in (t3) return encode(crsTransform(c, "EPSG:4326", {}, {Lat: 3, Lon: 2}, {Lat(0:3), Lon(10:14)}), "csv")
=> {{11},{13}},{{111},{113}}

# dem: a line for each cell that is neither 0 nor null, by the rows of the second axis
for c in (a) return encode(c[i(0:1), j(0:0)] - 1, "dem")
=> 1.000000 0.000000 3.000000

# The coordinates of a line's cells: those of their points, or (rule gdal) of their first borders;
# times as such.

cube track
axis t OGC/0/AnsiDate irregular 0 147222 147223.5
axis y OGC/0/Index1D regular 0:1 10.5 -1
band v UINT8
cells 1 2 3 4

for c in (track) return encode(clip(c, LINESTRING("2004-01-30" 10.5, "2004-01-31T12:00" 9.5)) with coordinates, "csv")
=> "2004-01-30T00:00:00.000Z 10.5 1","2004-01-31T12:00:00.000Z 9.5 4"

for c in (track) return encode((clip(c, LINESTRING("2004-01-30" 10.5, "2004-01-31T12:00" 9.5)) with coordinates).t, "json")
=> ["2004-01-30T00:00:00.000Z","2004-01-31T12:00:00.000Z"]

# rule gdal

for c in (track) return encode(clip(c, LINESTRING("2004-01-30" 11, "2004-01-31T12:00" 9.5)) with coordinates, "csv")
=> "2004-01-30T00:00:00.000Z 11 1","2004-01-31T12:00:00.000Z 10 4"

# rule footprint
