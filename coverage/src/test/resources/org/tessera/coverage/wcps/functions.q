# Functions of cells, ranges, reducers (OGC 08-068r2 7.1.8, 7.1.9, 7.1.14).

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


for c in (a) return encode(c[i(0)] + 300, "csv")
=> 301,302,303

for c in (a) return encode(c[i(0)] / 2, "csv")
=> 0.5,1,1.5

for c in (a) return encode(mod(c[i(1)], 3), "csv")
=> 1,2,0

for c in (a) return encode((unsigned char) (c[i(0)] * 100), "csv")
=> 100,200,255

for c in (a) return encode(c[i(0)] = 2 or c[i(0)] = 3, "csv")
=> f,t,t

for c in (rgb) return encode(c.red is null, "csv")
=> {f,f},{f,t}

for c in (rgb) return encode(c.red overlay c.green, "csv")
=> {1,2},{3,40}

for c in (rgb) return encode({x: c.red; y: (unsigned char) 7}, "csv")
=> {"1 7","2 7"},{"3 7","9 7"}

for c in (rgb) return encode({green: c.red; green: c.blue}, "csv")
=> error InvalidRequest Range field: green is duplicated in a range constructor.

for c in (rgb) return max(c)
=> { 3, 40, 5 }

for c in (rgb) return c.yellow
=> error NoSuchField yellow

for c in (rgb) return avg(c).red
=> error InvalidRequest Coverage is 0D

for c in (a) return count(c != nan)
=> 12

for c in (a) return encode(switch case c[i(1)] > 5 return 1 case c[i(1)] > 4 return 2 default return 3, "csv")
=> 3,2,1

for c in (a) return encode(flip c[i(0)] along j, "csv")
=> 3,2,1

for c in (a) return encode(sort c along j desc by avg(c[i(0:1)]), "csv")
=> {3,2,1},{6,5,4},{9,8,7},{12,11,10}

for c in (a) return encode(sort c along j by c[j(0)], "csv")
=> error InvalidRequest cannot be subset in the by clause

for c in (a) return encode(sort c along k by avg(c), "csv")
=> error InvalidAxisLabel k

for c in (a), d in (t3) return encode(c + d, "csv")
=> error InvalidRequest Number of axes of coverages 'a' and 't3' are incompatible, given: 2 and 3 axes.

# Other low bounds do not matter, sizes do.
for c in (a) return encode(c[i(0:1), j(0)] + c[i(2:3), j(0)], "csv")
=> 8,14

for c in (a) return re((2.0, 5.0))
=> 2.0

# Beyond OGC 08-068r2: condensers for distributions

for c in (a) return var(c)
=> 11.916666666666666

for c in (a) return var_samp(c)
=> 13.0

for c in (a) return stddev(c * 2) = 2 * stddev_pop(c)
=> t

for c in (a) return median(c)
=> 6.5

for c in (a) return percentile(c, 25)
=> 3.75

for c in (a) return percentile(c, 101)
=> error InvalidRequest percentile needs a percentage from 0 to 100

for c in (a) return mode(c > 3)
=> t

for c in (a) return encode(condense median over $i i(0:3) using c[i($i)], "csv")
=> 5.5,6.5,7.5

for c in (a) return encode(condense percentile(100) over $i i(0:3) using c[i($i)], "csv")
=> 10,11,12

for c in (a) return encode(condense avg over $j j(0:2) using c[j($j)], "csv")
=> 2,5,8,11

for c in (a) return condense nix over $j j(0:2) using $j
=> error SyntaxError condense works with
