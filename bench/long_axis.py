#!/usr/bin/env python3
"""A coverage with very many slices on an irregular axis: how long describing it, one slice and an append take.

    long_axis.py --base http://localhost:8080/rasdaman --server-pid PID --folder DIR [--slices 1000000] [--rounds 20]

DIR is one that the server may read (tessera.files.allowed). The coverage long_axis, of hourly times and one cell a slice, is
made unless it exists. Median and greatest wall time, and the mean of the server's processor time, in milliseconds.
"""
import argparse, datetime, os, re, time, urllib.error, urllib.parse, urllib.request

CRS = ("http://www.opengis.net/def/crs-compound?1=http://www.opengis.net/def/crs/OGC/0/AnsiDate"
       "&amp;2=http://www.opengis.net/def/crs/EPSG/0/4326")
ID = "long_axis"


def when(hour):
    return '"' + (datetime.datetime(1900, 1, 1) + datetime.timedelta(hours=hour)).strftime("%Y-%m-%dT%H:%M:%S.000Z") + '"'


def document(first, count):
    times = [when(h) for h in range(first, first + count)]
    axes = "".join(
        f'<r:generalGridAxis><r:GeneralGridAxis><r:offsetVector srsName="{CRS}">{vector}</r:offsetVector><r:coefficients>'
        f'{points}</r:coefficients><r:gridAxesSpanned>{label}</r:gridAxesSpanned><r:sequenceRule axisOrder="+1">Linear'
        f'</r:sequenceRule></r:GeneralGridAxis></r:generalGridAxis>'
        for label, vector, points in (("ansi", "1 0 0", " ".join(times)), ("Lat", "0 -1 0", ""), ("Long", "0 0 1", "")))
    return (
        f'<c:ReferenceableGridCoverage xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:c="http://www.opengis.net/gmlcov/1.0"'
        f' xmlns:swe="http://www.opengis.net/swe/2.0" xmlns:r="http://www.opengis.net/gml/3.3/rgrid" gml:id="{ID}">'
        f'<gml:boundedBy><gml:Envelope srsName="{CRS}" axisLabels="ansi Lat Long" uomLabels="d degree degree" srsDimension="3">'
        f'<gml:lowerCorner>{times[0]} 10 20</gml:lowerCorner><gml:upperCorner>{times[-1]} 11 21</gml:upperCorner></gml:Envelope>'
        f'</gml:boundedBy><gml:domainSet><r:ReferenceableGridByVectors dimension="3" gml:id="g"><gml:limits><gml:GridEnvelope>'
        f'<gml:low>0 0 0</gml:low><gml:high>{count - 1} 0 0</gml:high></gml:GridEnvelope></gml:limits><gml:axisLabels>ansi Lat Long'
        f'</gml:axisLabels><r:origin><gml:Point gml:id="p" srsName="{CRS}"><gml:pos>{times[0]} 10.5 20.5</gml:pos></gml:Point>'
        f'</r:origin>{axes}</r:ReferenceableGridByVectors></gml:domainSet><gml:rangeSet><gml:DataBlock><gml:rangeParameters/>'
        f'<gml:tupleList cs="," ts=" ">{" ".join(str(h % 30000) for h in range(first, first + count))}</gml:tupleList></gml:DataBlock>'
        f'</gml:rangeSet><c:rangeType><swe:DataRecord><swe:field name="v"><swe:Quantity><swe:uom code="10^0"/></swe:Quantity>'
        f'</swe:field></swe:DataRecord></c:rangeType></c:ReferenceableGridCoverage>')


def ask(base, **parameters):
    body = urllib.parse.urlencode({"service": "WCS", "version": "2.0.1", **parameters}).encode()
    try:
        return urllib.request.urlopen(base + "/ows", body).read()
    except urllib.error.HTTPError as e:
        raise SystemExit(e.read().decode()[-600:])


def processor(pid):
    with open(f"/proc/{pid}/stat") as f:
        return sum(map(int, f.read().rsplit(")", 1)[1].split()[11:13])) * 1000 / os.sysconf("SC_CLK_TCK")


def measure(name, rounds, pid, question):
    wall, used = [], processor(pid)
    for i in range(rounds):
        clock = time.time()
        size = len(question(i))
        wall.append((time.time() - clock) * 1000)
    print(f"{name:18s} median {sorted(wall)[rounds // 2]:7.0f} ms, greatest {max(wall):7.0f}, "
          f"processor {(processor(pid) - used) / rounds:6.0f} ms, {size} bytes", flush=True)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("--base", required=True)
    ap.add_argument("--server-pid", type=int, required=True)
    ap.add_argument("--folder", required=True)
    ap.add_argument("--slices", type=int, default=1_000_000)
    ap.add_argument("--rounds", type=int, default=20)
    args = ap.parse_args()
    if ID not in ask(args.base, request="GetCapabilities").decode():
        path = os.path.join(os.path.abspath(args.folder), ID + ".xml")
        with open(path, "w") as f:
            f.write(document(0, args.slices))
        clock = time.time()
        ask(args.base, request="InsertCoverage", useId="existing", pixelDataType="Int16", coverageRef="file://" + path)
        print(f"made in {time.time() - clock:.1f} s")
    describe = lambda i=0: ask(args.base, request="DescribeCoverage", coverageId=ID)
    measure("DescribeCoverage, first", 1, args.server_pid, describe)
    size = int(re.search(r"<gml:high>(\d+)", describe().decode())[1]) + 1
    hour = lambda i: (i * 7919 + 1) % size
    measure("DescribeCoverage", args.rounds, args.server_pid, describe)
    measure("GetCoverage", args.rounds, args.server_pid, lambda i: ask(
        args.base, request="GetCoverage", coverageId=ID, subset=f"ansi({when(hour(i))})", format="text/csv"))
    measure("WCPS", args.rounds, args.server_pid, lambda i: ask(
        args.base, request="ProcessCoverages", query=f'for $c in ({ID}) return encode($c[ansi({when(hour(i))})], "text/csv")'))
    measure("append", args.rounds, args.server_pid, lambda i: ask(
        args.base, request="UpdateCoverage", coverageId=ID, inputCoverage=document(size + i, 1)))
    found = ask(args.base, request="ProcessCoverages", query=f'for $c in ({ID}) return encode($c[ansi({when(size)})], "text/csv")')
    print("the first appended cell is", found.decode().strip(), "and should be", size % 30000, "| load", os.getloadavg())


if __name__ == "__main__":
    main()
