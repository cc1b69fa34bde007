# Condensers, as reducers of all cells (OGC 08-068r2 7.1.14) and folding along variables (7.1.12):
# each with its value, its type, its null cells, cells that are all null, none at all, and what does not fit.

# Ten cells: mean 5, squares of the distances from it 9+1+1+1+0+0+4+16 = 32, and two null ones.
cube n
axis i OGC/0/Index2D index 0:1
axis j OGC/0/Index2D index 0:4
band v INT16 -1
cells 2 4 4 -1 4 5 5 -1 7 9

# Row 0 is null.
cube hole
axis i OGC/0/Index2D index 0:1
axis j OGC/0/Index2D index 0:1
band v UINT8 0
cells 0 0 3 5

# Mean 5, squares of the distances 9+1+1+1 = 12. No null values.
cube s
axis i OGC/0/Index1D index 0:3
band v INT32
cells 2 6 6 6

cube b
axis i OGC/0/Index2D index 0:2
axis j OGC/0/Index2D index 0:1
band v BOOLEAN
cells 1 1 0 1 0 0

# 2^62, whose double is 2^63: one more than fits.
cube large
axis i OGC/0/Index1D index 0:2
band v INT64
cells 4611686018427387904 4611686018427387904 -1

cube f
axis i OGC/0/Index2D index 0:1
axis j OGC/0/Index2D index 0:2
band v FLOAT64
cells 1.5 NaN 0.5 NaN NaN NaN

# 10^16 and 1: a plain sum of doubles loses the ones.
cube far
axis i OGC/0/Index1D index 0:3
band v FLOAT64
cells 10000000000000000 1 1 -10000000000000000

cube two
axis i OGC/0/Index1D index 0:2
band x INT16 -1
band y UINT8
cells 1 -1 3
cells 10 20 30


# ---- count: true cells; integers other than 0 are true; null cells do not count

for c in (b) return count(c)
=> 3

for c in (n) return count(c > 4)
=> 4

for c in (n) return count(c)
=> 8

for c in (hole) return count(c[i(0)] > 0)
=> 0

for c in (two) return count(c > 1)
=> { 1, 3 }

for c in (f) return count(c)
=> error InvalidRequest count needs boolean cells

# ---- some: whether any cell is true; of no cells false

for c in (b) return some(c)
=> t

for c in (b) return some(c[i(2)])
=> f

for c in (hole) return some(c[i(0)] > 0)
=> f

for c in (b) return encode(condense or over $j j(0:1) using c[j($j)], "csv")
=> t,t,f

# ---- all: whether every cell is true; of no cells true

for c in (b) return all(c)
=> f

for c in (b) return all(c[i(0)])
=> t

for c in (hole) return all(c[i(0)] > 9)
=> t

for c in (n) return all(c > 1)
=> t

for c in (b) return encode(condense and over $j j(0:1) using c[j($j)], "csv")
=> t,f,f

# ---- add, sum, condense +: of integers exact in 64 bits, and staying at the bounds; of floats compensated

for c in (n) return add(c)
=> 40

for c in (n) return sum(c)
=> 40

for c in (b) return add(c)
=> 3

for c in (large) return add(c)
=> 9223372036854775807

for c in (far) return add(c)
=> 2.0

for c in (two) return add(c)
=> { 4, 60 }

for c in (n) return encode(condense + over $i i(0:1) using c[i($i)], "csv")
=> 7,9,4,7,13

for c in (hole) return encode(condense + over $j j(0:1) using c[j($j)], "csv")
=> 0,8

for c in (s) return condense + over $i i(0:3) where $i > 9 using c[i($i)]
=> 0

# ---- condense *: as the sum

for c in (s) return condense * over $i i(0:3) using c[i($i)]
=> 432

for c in (large) return condense * over $i i(0:1) using c[i($i)]
=> 9223372036854775807

for c in (hole) return condense * over $i i(0:1), $j j(0:1) using c[i($i), j($j)]
=> 15

# ---- avg: of the exact sum

for c in (n) return avg(c)
=> 5.0

for c in (s) return avg(c[i(0:1)])
=> 4.0

for c in (b) return avg(c)
=> 0.5

for c in (far) return avg(c)
=> 0.5

for c in (hole) return encode(condense avg over $j j(0:1) using c[j($j)], "csv")
=> 0,4

for c in (two) return avg(c)
=> { 2.0, 20.0 }

# ---- min and max: of the cells' type; NaN is left aside unless there is nothing else

for c in (n) return min(c)
=> 2

for c in (n) return max(c)
=> 9

for c in (f) return min(c)
=> 0.5

for c in (f) return max(c)
=> 1.5

for c in (f) return max(c[i(1)])
=> NaN

for c in (b) return max(c[i(2)])
=> f

for c in (hole) return encode(condense max over $j j(0:1) using c[j($j)] + (unsigned char) 1, "csv")
=> 0,6

for c in (n) return encode(condense min over $i i(0:1) using c[i($i)], "csv")
=> 2,4,4,7,4

# ---- var, var_pop: mean square of the distances from the mean (ISO 9075-2 10.9)

for c in (n) return var(c)
=> 4.0

for c in (n) return var_pop(c)
=> 4.0

for c in (s) return var_pop(c)
=> 3.0

for c in (s) return var_pop(c[i(0:0)])
=> 0.0

for c in (hole) return encode(condense var over $j j(0:1) using c[j($j)], "csv")
=> 0,1

# ---- var_samp: divided by n - 1; of one cell null, or NaN where there are no null values

for c in (s) return var_samp(c)
=> 4.0

for c in (s) return var_samp(c[i(0:0)])
=> NaN

# ---- stddev, stddev_pop, stddev_samp: the roots of these

for c in (n) return stddev(c)
=> 2.0

for c in (n) return stddev_pop(c)
=> 2.0

for c in (s) return stddev_samp(c)
=> 2.0

for c in (s) return encode(condense stddev over $i i(0:3) using c[i($i)], "csv")
=> 1.7320508075688772

# ---- median: the middle cell, or the middle of the two

for c in (n) return median(c)
=> 4.5

for c in (n) return median(c[i(0)])
=> 4.0

for c in (f) return median(c)
=> 1.0

for c in (hole) return encode(condense median over $j j(0:1) using c[j($j)], "csv")
=> 0,4

# ---- percentile: place (m - 1) p / 100 among m cells, linear between neighbours

for c in (n) return percentile(c, 0)
=> 2.0

for c in (n) return percentile(c, 50)
=> 4.5

for c in (n) return percentile(c, 90)
=> 7.6

for c in (n) return percentile(c, 100)
=> 9.0

for c in (n) return percentile(c, 101)
=> error InvalidRequest percentile needs a percentage from 0 to 100

for c in (n) return encode(condense percentile(25) over $j j(0:4) using c[j($j)], "csv")
=> 3.5,5

# ---- mode: the most frequent cell, the least of equally frequent ones; of the cells' type

for c in (n) return mode(c)
=> 4

for c in (s) return mode(c)
=> 6

for c in (n) return mode(c[i(1)])
=> 5

for c in (hole) return encode(condense mode over $j j(0:1) using c[j($j)], "csv")
=> 0,3
