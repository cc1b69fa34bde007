#!/usr/bin/env python3
"""Wall and processor seconds of an import, the server's and its peers', in turns.

    import_cpu.py --ingredients FILE --coverage ID --base http://localhost:8080/rasdaman --server-pid PID \\
        --import-cmd './tessera import {ingredients}' [--rounds 3] [--peers BENCH DATA]

Processor time tells more than the clock on a machine that others use. That of the server is of the process and the workers
that it has started. --peers names the folder of bench.py and its data: its cases n_import are measured, too. The coverage is
deleted after each round.
"""
import argparse, os, resource, subprocess, sys, time, urllib.parse, urllib.request


def own(who=resource.RUSAGE_SELF):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def tree(pid):
    """Processor seconds of a process and its descendants, those that have ended included."""
    total, todo = 0, [pid]
    while todo:
        process = todo.pop()
        try:
            with open(f"/proc/{process}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            total += sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
            for thread in os.listdir(f"/proc/{process}/task"):
                with open(f"/proc/{process}/task/{thread}/children") as f:
                    todo += map(int, f.read().split())
        except FileNotFoundError:
            pass                                                    # ended meanwhile
    return total


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("--ingredients", required=True)
    ap.add_argument("--coverage", required=True)
    ap.add_argument("--base", required=True)
    ap.add_argument("--server-pid", type=int, required=True)
    ap.add_argument("--import-cmd", required=True)
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--peers", nargs=2, metavar=("BENCH", "DATA"))
    args = ap.parse_args()
    actors = {}
    if args.peers:
        sys.path.insert(0, args.peers[0])
        import peers
        data = peers.Data(args.peers[1])
        actors = {"gdal": peers.Gdal(data), "xarray": peers.Xarray(data)}
    for _ in range(args.rounds):
        for name, actor in actors.items():
            clock, used = time.time(), own()
            actor.n_import()
            print(f"{name}: {time.time() - clock:.2f} s, processor {own() - used:.2f} s", flush=True)
            actor.n_import_answer()
        clock, used, server = time.time(), own(resource.RUSAGE_CHILDREN), tree(args.server_pid)
        subprocess.run(args.import_cmd.format(ingredients=args.ingredients), shell=True, check=True, stdout=subprocess.DEVNULL)
        clock, used, server = time.time() - clock, own(resource.RUSAGE_CHILDREN) - used, tree(args.server_pid) - server
        print(f"server: {clock:.2f} s, processor {used + server:.2f} s (importer {used:.2f}, server {server:.2f})", flush=True)
        urllib.request.urlopen(args.base + "/ows?" + urllib.parse.urlencode(
            {"service": "WCS", "version": "2.0.1", "request": "DeleteCoverage", "coverageId": args.coverage})).read()
    print("load", os.getloadavg())


if __name__ == "__main__":
    main()
