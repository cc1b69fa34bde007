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

# nulls shared

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
