# Query structure (OGC 08-068r2 7.1.1), operators and their precedence.

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


for c in (a) return avg(c)
=> 6.5

for $c in (a, a), $d in (rgb) return count($c > 5) + max($d.green)
=> 47
=> 47

for c in (a, rgb) where max(c.0) > 10 return max(c.0)
=> 12
=>

for c in (a) let $x := 5, $y := 10 return $x + $y
=> 15

for c in (a) let $s := [i(1:2), j(2)] return encode(c[$s], "csv")
=> 6,9

for c in (a) return 2+3*4
=> 14

for c in (a) return -2-3 -1
=> -6

for c in (a) return not 1 > 2 and 3 > 2
=> t

for c in (a) return "x" = "x"
=> t

for c in (a) return c
=> error InvalidRequest Coverage result must use encode() as it is non-scalar value.

for c in (a) return avg(d)
=> error SemanticError Variable '$d' is not defined at line 1, column 25.

for c in (nothere) return avg(c)
=> error NoSuchCoverage nothere

for c in (a) return avg((byte) c)
=> error NoApplicableCode Unknown WCPS base type 'byte' for casting.

for $c in (a) retrun avg($c)
=> error SyntaxError at line 1, column 15: found 'retrun', expected ',', 'let', 'where' or 'return'

for c in (a) return foo(c)
=> error SyntaxError There is no function 'foo' at line 1, column 21.

for c in (a) return encode(c, "nix")
=> error InvalidFormat nix

for c in (a) return (1,2)
=> (1,2)

-- a comment
for c in (a) /* another
one */ return 1 -- and one more
=> 1
