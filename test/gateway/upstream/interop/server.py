"""grpc.testing.TestService on grpcio, on a free port, which it prints. `server.py [CERT KEY]` serves TLS. SIGTERM stops it gracefully."""

import signal
import sys
import tempfile
import threading
from concurrent import futures
from pathlib import Path

import grpc
from grpc_tools import protoc

PROTOS = Path(__file__).resolve().parent / "protos"
INITIAL = "x-grpc-test-echo-initial"
TRAILING = "x-grpc-test-echo-trailing-bin"


def echo_metadata(context):
    sent = dict(context.invocation_metadata())
    if INITIAL in sent:
        context.send_initial_metadata([(INITIAL, sent[INITIAL])])
    if TRAILING in sent:
        context.set_trailing_metadata([(TRAILING, sent[TRAILING])])


def echo_status(request, context):
    if request.HasField("response_status"):
        code = next(c for c in grpc.StatusCode if c.value[0] == request.response_status.code)
        context.abort(code, request.response_status.message)


def serve(folder, pair):
    if protoc.main(["protoc", f"-I{PROTOS}", f"--python_out={folder}", f"--grpc_python_out={folder}", "test.proto"]) != 0:
        sys.exit("cannot compile the protos")
    sys.path.insert(0, folder)
    import test_pb2 as messages
    import test_pb2_grpc as services

    def payload(size):
        return messages.Payload(body=bytes(size))

    class TestService(services.TestServiceServicer):
        def EmptyCall(self, request, context):
            return messages.Empty()

        def UnaryCall(self, request, context):
            echo_metadata(context)
            echo_status(request, context)
            return messages.SimpleResponse(payload=payload(request.response_size))

        def StreamingOutputCall(self, request, context):
            for parameters in request.response_parameters:
                yield messages.StreamingOutputCallResponse(payload=payload(parameters.size))

        def StreamingInputCall(self, requests, context):
            size = sum(len(request.payload.body) for request in requests)
            return messages.StreamingInputCallResponse(aggregated_payload_size=size)

        def FullDuplexCall(self, requests, context):
            echo_metadata(context)
            for request in requests:
                echo_status(request, context)
                for parameters in request.response_parameters:
                    yield messages.StreamingOutputCallResponse(payload=payload(parameters.size))

    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    services.add_TestServiceServicer_to_server(TestService(), server)
    if pair:
        cert, key = (Path(path).read_bytes() for path in pair)
        port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(key, cert)]))
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    server.start()
    print(port, flush=True)
    asked.wait()
    server.stop(60).wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as generated:
        serve(generated, sys.argv[1:])
