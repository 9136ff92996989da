"""The greeter of the gRPC quick start, in Python.

    pip install -r requirements.txt
    python3 server.py --port 50051
"""

import argparse
import importlib
import signal
import sys
import tempfile
from concurrent import futures
from pathlib import Path

import grpc
from grpc_reflection.v1alpha import reflection
from grpc_tools import protoc

HERE = Path(__file__).resolve().parent
FILES = ("helloworld/helloworld.proto", "google/api/annotations.proto", "google/api/http.proto")


def generate(folder):
    """Writes the Python code of the protos into a folder that imports look into."""
    paths = (HERE / "protos", HERE.parent.parent / "proto")
    arguments = [f"-I{path}" for path in paths] + [f"--python_out={folder}", f"--grpc_python_out={folder}"]
    if protoc.main(["protoc", *arguments, *FILES]) != 0:
        sys.exit("cannot compile the protos")
    sys.path.insert(0, folder)


def serve(host, port):
    """Serves until SIGINT or SIGTERM."""
    messages = importlib.import_module("helloworld.helloworld_pb2")
    services = importlib.import_module("helloworld.helloworld_pb2_grpc")

    class Greeter(services.GreeterServicer):
        def SayHello(self, request, context):
            return messages.HelloReply(message=f"Hello, {request.name}!")

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    services.add_GreeterServicer_to_server(Greeter(), server)
    names = [messages.DESCRIPTOR.services_by_name["Greeter"].full_name, reflection.SERVICE_NAME]
    reflection.enable_server_reflection(names, server)
    bound = server.add_insecure_port(f"{host}:{port}")
    server.start()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: server.stop(1))
    print(f"helloworld.Greeter listens on {host}:{bound}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=50051, help="0 takes a free one")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as generated:
        generate(generated)
        serve(options.host, options.port)
