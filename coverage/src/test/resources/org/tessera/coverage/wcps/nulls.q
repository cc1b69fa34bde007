# Null values of a coverage whose fields have different ones, as CIS 1.1 says and as rasdaman does.

cube rgb
axis i OGC/0/Index2D index 0:1
axis j OGC/0/Index2D index 0:1
band red UINT8 1
band green UINT8 2
band blue UINT8 3
cells 1 2 3 4
cells 2 4 5 1
cells 3 6 7 8

for c in (rgb) return encode(c is null, "csv")
=> {"t t t","f f f"},{"f f f","f f f"}

for c in (rgb) return c[i(0), j(0)].red + 5
=> 1

for c in (rgb) return avg(c.red)
=> 3.0

cube floats
axis i OGC/0/Index1D index 0:2
band fill FLOAT32 9.96921e+36
cells 1 9.96921e+36 3

cube nans
axis i OGC/0/Index1D index 0:1
band none FLOAT32 -9999
cells NaN NaN

# a null value means the float next to it
for c in (floats) return max(c)
=> 3.0

for c in (nans) return min(c)
=> NaN

# nulls shared

# a null value that no float equals is none
for c in (floats) return max(c)
=> 9.96921e36

for c in (nans) return encode(min(c), "csv")
=> Infinity

for c in (nans) return encode(max(c), "csv")
=> -Infinity

# the union of the null values holds for each field; null cells have the first as value
for c in (rgb) return encode(c is null, "csv")
=> {"t t t","t f f"},{"t f f","f t f"}

for c in (rgb) return encode(c, "csv")
=> {"1 1 1","1 4 6"},{"1 5 7","4 1 8"}

for c in (rgb) return avg(c.red)
=> 4.0

# a single value taken out is a number like any other
for c in (rgb) return c[i(0), j(0)].red + 5
=> 6

for c in (rgb) return avg(c.red[i(0:0), j(0:0)]) + 5
=> 6.0

for c in (rgb) return condense + over $x x(0:1) using c[i($x), j(0)].red
=> 2

# a whole coverage is scaled with the null values of its own for each band
for c in (rgb) return encode(scale(c, {i:"CRS:1"(0:0), j:"CRS:1"(0:0)}), "csv")
=> {"1 2 3"}

for c in (rgb) return encode(scale(c[i(0:1), j(0:0)], {i:"CRS:1"(0:0), j:"CRS:1"(0:0)}), "csv")
=> {"1 1 1"}

for c in (rgb) return encode(c * 2, "csv")
=> {"2 2 2","2 8 12"},{"2 10 14","8 2 16"}
