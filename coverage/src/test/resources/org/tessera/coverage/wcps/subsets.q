# Trim, slice, scale, extend (OGC 08-068r2 7.1.10, 7.1.11; OGC 12-039).

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


for c in (a) return encode(c[i(1:2), j(0:1)], "csv")
=> {4,5},{7,8}

for c in (a) return encode(c[j(2)], "csv")
=> 3,6,9,12

for c in (a) return c[i(3), j(2)]
=> 12

for c in (a) return encode(c[i(*:1), j(1:*)], "csv")
=> {2,3},{5,6}

for c in (a) return encode(c[i:"CRS:1"(1+1:3)][j(0)], "csv")
=> 7,10

for c in (a) return encode(slice(trim(c, {i(0:1)}), {j(1)}), "csv")
=> 2,5

for c in (a) return c[j(*)]
=> error InvalidSubsetting Invalid slicing coordinate '*' for axis 'j'.

for c in (a) return c[k(1)]
=> error InvalidAxisLabel k

for c in (a) return encode(c[i(1:2), i(2)], "csv")
=> error InvalidSubsetting more than once

for c in (a) return encode(c[i(2:1)], "csv")
=> error InvalidSubsetting lower bound '2' must be less than or equal to upper bound '1' for axis 'i'.

for c in (a) return avg(c)[i(0)]
=> error InvalidRequest Coverage is 0D, cannot apply 'subset' operator on it.

# Grid order is t, Long, Lat: that is how CSV nests.
for c in (t3) return encode(c[t:"CRS:1"(0), Long(10:11.5)], "csv")
=> {0,10,20},{1,11,21}

for c in (t3) return encode(c[t("2008-01-01"), Lat(2.5), Long(10.5:12.5)], "csv")
=> 0,1,2

for c in (t3) return encode(c[t("2008-01-02")], "csv")
=> error InvalidSubsetting does not exist in the list of coefficients of irregular axis: t

for c in (t3) return encode(c[t("2008-01-05":"2008-01-09"), Lat:"CRS:1"(0), Lon:"CRS:1"(1)], "csv")
=> 101

for c in (t3) return c[t:"CRS:1"(1), Lat(0.5), Long:"EPSG:4326"(13.5)] is null
=> t

for c in (t3), d in (t3) return max(c[Lat(domain(d[Lat(0:1.2)], Lat))])
=> 122

for c in (t3) return max(c[t(domain(c, t).lo)])
=> 23

for c in (a) return encode(extend(c[i(3), j(1:2)], {j(0:4)}), "csv")
=> 0,11,12,0,0

for c in (t3) return encode(extend(c[t:"CRS:1"(0), Long:"CRS:1"(0)], {Lat(-0.9:2.2)}), "csv")
=> 0,10,20,-1

for c in (a) return encode(scale(c, {i:"CRS:1"(0:1), j:"CRS:1"(0:2)}), "csv")
=> {1,2,3},{7,8,9}

for c in (a) return encode(scale(c, {imageCrsDomain(c[i(0:1), j(0)][i(0)])}), "csv")
=> error InvalidRequest

for c in (a), d in (rgb) return encode(scale(c, {imageCrsDomain(d)}), "csv")
=> {1,2},{7,8}

for c in (a) return encode(scalesize(c, [i(2), j(1)]), "csv")
=> {1},{7}

for c in (a) return encode(scaleaxes(c, [i(0.5)]), "csv")
=> {1,2,3},{7,8,9}

for c in (a) return encode(scale(c, 0), "csv")
=> error InvalidScaleFactor

for c in (t3) return domain(scalesize(c, [Long(2)]), Long).resolution
=> 2

for c in (t3) return domain(scalesize(c, [Long(2)]))
=> t("2008-01-01T00:00:00.000Z":"2008-01-07T00:00:00.000Z"),Lat(0:3),Long(10:14)

for c in (a) return scale(avg(c), 2)
=> error InvalidRequest Coverage is 0D, cannot apply 'scale' operator on it.

# In another CRS: both horizontal axes, or a trim of one with all of the other.

# rule footprint

for c in (t3) return encode(c[t:"CRS:1"(0), Long:"EPSG:3857"(1230000:1330000)], "csv")
=> {1,11,21}

for c in (t3) return encode(c[t:"CRS:1"(0), Lat:"EPSG:3857"(112000:160000)], "csv")
=> {10},{11},{12},{13}

for c in (t3) return encode(c[t:"CRS:1"(0), Long:"EPSG:3857"(1230000)], "csv")
=> error InvalidSubsetting needs both horizontal axes

for c in (t3) return encode(c[t:"CRS:1"(0), Lat(1:2), Long:"EPSG:3857"(1230000:1330000)], "csv")
=> error InvalidSubsetting needs both horizontal axes
