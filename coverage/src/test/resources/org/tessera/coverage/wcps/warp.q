# crsTransform with all ways of resampling, on spatial axes of arrays of three. The cells are those of gdalwarp 3.6.2 with exact places
# (-et 0 -tr -te) for each time. Where they are not, a comment says what GDAL gives: off by one because it takes one ratio of sizes for
# the whole grid and borders of cells for averages, we the size of each cell around its centre; of equally frequent values the first one
# that it meets, we the least; no value where the nearest cell is null, we one of the others.

# 2 times x 8 latitudes from 50 down to 46 x 10 longitudes from 8 to 13
cube w
axis t OGC/0/AnsiDate irregular 0 148654 148660
axis Lat EPSG/0/4326 regular 0:7 49.75 -0.5
axis Long EPSG/0/4326 regular 0:9 8.25 0.5
grid t Lat Long
order t Lat Long
band v INT16 -1
cells 67 80 2 80 46 51 63 28 97 5 27 38 57 40 13 4 0 4 14 99 19 65 75 23 28 43 26 97 17 89 79 84 11 39 62 49 66 67 66 6 95 55 90 27 36 87 18 6 37 67 12 87 34 22 54 89 88 87 30 1 77 70 77 0 3 50 33 43 93 20 52 32 29 80 15 31 11 14 28 69 57 44 16 79 79 23 5 31 14 79 51 50 29 50 96 23 76 1 31 93 87 8 84 84 45 36 98 95 67 39 21 93 26 55 67 24 31 74 19 67 94 68 64 46 96 22 35 64 65 10 16 69 84 63 93 37 32 79 4 19 19 39 15 79 84 38 2 71 10 61 17 94 67 99 61 72 37 80 11 15

# the same, the axis of time last
cube wt
axis Lat EPSG/0/4326 regular 0:7 49.75 -0.5
axis Long EPSG/0/4326 regular 0:9 8.25 0.5
axis t OGC/0/AnsiDate irregular 0 148654 148660
grid Lat Long t
order Lat Long t
band v INT16 -1
cells 67 57 80 44 2 16 80 79 46 79 51 23 63 5 28 31 97 14 5 79 27 51 38 50 57 29 40 50 13 96 4 23 0 76 4 1 14 31 99 93 19 87 65 8 75 84 23 84 28 45 43 36 26 98 97 95 17 67 89 39 79 21 84 93 11 26 39 55 62 67 49 24 66 31 67 74 66 19 6 67 95 94 55 68 90 64 27 46 36 96 87 22 18 35 6 64 37 65 67 10 12 16 87 69 34 84 22 63 54 93 89 37 88 32 87 79 30 4 1 19 77 19 70 39 77 15 0 79 3 84 50 38 33 2 43 71 93 10 20 61 52 17 32 94 29 67 80 99 15 61 31 72 11 37 14 80 28 11 69 15

# the first time with cells that are null
cube wn
axis Lat EPSG/0/4326 regular 0:7 49.75 -0.5
axis Long EPSG/0/4326 regular 0:9 8.25 0.5
grid Lat Long
order Lat Long
band v INT16 -1
cells 67 -1 2 -1 46 51 63 28 97 -1 27 38 57 -1 13 4 -1 4 14 99 19 -1 -1 23 28 43 26 97 17 89 79 84 11 39 62 49 66 67 66 6 -1 -1 -1 27 36 87 18 6 37 67 12 87 34 22 54 89 88 87 -1 1 77 -1 77 -1 3 -1 33 43 93 -1 52 32 29 -1 -1 31 11 14 28 69

# the whole earth from 0 to 360 degrees east: 15 30 45 ... of each cell are its longitude / 10, the tens its latitude
cube earth
axis Lat EPSG/0/4326 regular 0:5 75 -30
axis Long EPSG/0/4326 regular 0:11 15 30
grid Lat Long
order Lat Long
band v INT16 -1
cells 701 704 707 710 713 716 719 722 725 728 731 734 401 404 407 410 413 416 419 422 425 428 431 434 101 104 107 110 113 116 119 122 125 128 131 134 201 204 207 210 213 216 219 222 225 228 231 234 501 504 507 510 513 516 519 522 525 528 531 534 801 804 807 810 813 816 819 822 825 828 831 834

# 20 degrees west, told as 340 degrees east
cube west
axis Lat EPSG/0/4326 regular 0:1 15 -10
axis Long EPSG/0/4326 regular 0:3 335 10
grid Lat Long
order Lat Long
band v INT16 -1
cells 1 2 3 4 5 6 7 8

for c in (w) return encode(crsTransform(c, "EPSG:3857", {near}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{38,4,14},{84,49,66},{70,50,93}},{{50,23,31},{93,24,19},{39,38,10}}

# GDAL: {{47,33,42},{57,49,47},{52,44,46}},{{51,54,49},{61,53,49},{56,58,37}}
for c in (w) return encode(crsTransform(c, "EPSG:3857", {bilinear}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{47,32,42},{57,49,47},{53,44,46}},{{51,54,49},{61,53,49},{56,58,37}}

# GDAL: {{47,30,44},{58,50,47},{53,43,47}},{{50,55,50},{62,52,50},{55,59,34}}
for c in (w) return encode(crsTransform(c, "EPSG:3857", {cubic}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{47,30,44},{58,50,47},{53,43,47}},{{50,55,50},{62,52,50},{55,59,35}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {average}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{47,27,46},{62,49,44},{54,44,47}},{{50,58,52},{60,49,51},{47,56,38}}

# GDAL: {{80,80,97},{19,23,66},{77,27,18}},{{50,79,31},{84,84,67},{94,37,10}}
for c in (w) return encode(crsTransform(c, "EPSG:3857", {mode}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{80,0,97},{11,18,6},{77,0,1}},{{50,23,31},{84,22,67},{94,37,10}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {min}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{2,0,0},{11,18,6},{0,0,1}},{{8,5,1},{8,22,10},{15,2,2}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {max}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{80,80,99},{95,87,97},{95,89,93}},{{87,98,98},{94,98,98},{99,99,80}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {med}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{40,28,26},{55,36,37},{52,31,30}},{{50,50,39},{64,45,64},{64,46,32}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {q1}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{23,13,5},{23,26,17},{27,15,14}},{{29,23,14},{26,31,31},{19,35,10}}

for c in (w) return encode(crsTransform(c, "EPSG:3857", {q3}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{67,46,89},{79,49,67},{77,54,67}},{{79,79,79},{84,67,67},{79,79,64}}

for c in (w) return encode(crsTransform(c[t:"CRS:1"(0)], "EPSG:3857", {near}, {X: 60000, Y: 60000}, {X(960000:1200000), Y(6000000:6180000)}), "csv")
=> {84,11,39,49},{55,90,27,87},{55,90,27,87}

for c in (w) return encode(crsTransform(c[t:"CRS:1"(0)], "EPSG:3857", {bilinear}, {X: 60000, Y: 60000}, {X(960000:1200000), Y(6000000:6180000)}), "csv")
=> {61,22,49,55},{65,53,36,60},{68,50,33,67}

for c in (w) return encode(crsTransform(c[t:"CRS:1"(0)], "EPSG:3857", {cubic}, {X: 60000, Y: 60000}, {X(960000:1200000), Y(6000000:6180000)}), "csv")
=> {63,15,52,55},{63,58,31,65},{70,54,27,74}

# any place of the axis of time
for c in (wt) return encode(crsTransform(c, "EPSG:3857", {near}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{38,50},{4,23},{14,31}},{{84,93},{49,24},{66,19}},{{70,39},{50,38},{93,10}}

# GDAL: {{47,51},{33,54},{42,49}},{{57,61},{49,53},{47,49}},{{52,56},{44,58},{46,37}}
for c in (wt) return encode(crsTransform(c, "EPSG:3857", {bilinear}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{47,51},{32,54},{42,49}},{{57,61},{49,53},{47,49}},{{53,56},{44,58},{46,37}}

for c in (wt) return encode(crsTransform(c, "EPSG:3857", {average}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{47,50},{27,58},{46,52}},{{62,60},{49,49},{44,51}},{{54,47},{44,56},{47,38}}

for c in (wt) return encode(crsTransform(c, "EPSG:3857", {med}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {{40,50},{28,50},{26,39}},{{55,64},{36,45},{37,64}},{{52,64},{31,46},{30,32}}

# null cells are left aside
for c in (wn) return encode(crsTransform(c, "EPSG:3857", {near}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {38,4,14},{84,49,66},{-1,-1,93}

# GDAL: {37,32,47},{47,48,48},{-1,-1,51}
for c in (wn) return encode(crsTransform(c, "EPSG:3857", {bilinear}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {37,32,47},{47,48,48},{50,46,51}

# GDAL: {36,26,50},{49,49,44},{54,47,55}
for c in (wn) return encode(crsTransform(c, "EPSG:3857", {average}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {35,27,50},{49,49,44},{54,48,55}

for c in (wn) return encode(crsTransform(c, "EPSG:3857", {min}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {2,4,4},{11,18,6},{12,3,1}

for c in (wn) return encode(crsTransform(c, "EPSG:3857", {med}, {X: 180000, Y: 180000}, {X(900000:1440000), Y(5850000:6390000)}), "csv")
=> {27,28,28},{27,36,37},{32,31,33}


# longitudes beyond 180 degrees lie where they belong
for c in (west) return encode(crsTransform(c, "EPSG:3857"), "csv")
=> {1,2,3,4},{5,6,7,8}

for c in (west) return domain(crsTransform(c, "EPSG:3857"))
=> X(-3339584.723798207:1132007.0325051762),Y(37235.0488359984:2273030.92698769)

for c in (earth) return encode(crsTransform(c, "EPSG:3857"), "csv")
=> {719,722,728,731,734,704,707,710,713},{719,722,728,731,734,704,707,710,713},{719,722,728,731,734,704,707,710,713},{419,422,428,431,434,404,407,410,413},{119,122,128,131,134,104,107,110,113},{219,222,228,231,234,204,207,210,213},{519,522,528,531,534,504,507,510,513},{819,822,828,831,834,804,807,810,813},{819,822,828,831,834,804,807,810,813}

# as far as EPSG:3857 is defined: the poles have no image
for c in (earth) return domain(crsTransform(c, "EPSG:3857"))
=> X(-20037508.342789244:18404502.745437076),Y(-18393044.98421172:20048966.1040146)

for c in (earth) return encode(crsTransform(c, "EPSG:4326", {near}, {Lat: 60, Lon: 60}, {Lat(-90:90), Lon(-180:180)}), "csv")
=> {422,428,434,404,410,416},{222,228,234,204,210,216},{822,828,834,804,810,816}

# where UTM zone 32 is defined: from 6 to 12 degrees east, from the equator to 84 degrees north, less than a cell wide
for c in (earth) return domain(crsTransform(c, "EPSG:32632"))
=> E(166021.44308053987:3491940.24909857287),N(-648751.235606768:9329005.182447331)

# around the south pole; the north pole is at infinity
for c in (earth) return encode(crsTransform(c, "EPSG:3031", {near}, {E: 4000000, N: 4000000}, {E(-12000000:12000000), N(-12000000:12000000)}), "csv")
=> {131,231,234,201,204,104},{231,231,534,501,204,204},{228,528,831,804,507,207},{225,525,822,813,510,210},{222,222,519,516,213,213},{122,222,219,216,213,113}

for c in (earth) return domain(crsTransform(c, "EPSG:3031"))
=> E(-3333134.0276302774:3310107.12616297148),N(-3310107.12616297148:3333134.0276302774)

# all of the earth has an image
for c in (earth) return domain(crsTransform(c, "EPSG:3035"))
=> Y(-10602060.89377887:15857613.144483553),X(-8130658.856847338:15683047.7775888427)

# in the CRS that it has
for c in (earth) return domain(crsTransform(c, "EPSG:4326"))
=> Lat(-90:90),Long(0:360)

# one axis in another CRS
for c in (w) return encode(c[t:"CRS:1"(0), Long:"EPSG:3857"(900000:1000000)], "csv")
=> {67,80},{27,38},{19,65},{79,84},{95,55},{12,87},{77,70},{52,32}
