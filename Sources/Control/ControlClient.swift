import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Speaks to `tenderd` over its control socket (docs/control-api.md): one request, one response.
public struct ControlClient: Sendable {
    /// The Unix socket of the daemon.
    public let socket: String

    /// A client of the daemon that listens on `socket`.
    public init(socket: String) { self.socket = socket }

    /// What a request wants.
    public enum Method: Sendable {
        /// To know something.
        case get
        /// To have something done.
        case post
    }

    /// What the daemon answered.
    public struct Response: Sendable {
        /// The status of HTTP: 200, or 400, 404, 409, 503 with a refusal.
        public let status: Int
        /// JSON, or text for a receipt.
        public let body: [UInt8]
    }

    /// Sends a request and returns the whole response, whatever its status. Waits as long as a payment takes.
    public func send(_ method: Method, _ path: String, body: [UInt8] = []) async throws(ControlFailure) -> Response {
        do {
            let channel = try await connect()
            return try await channel.executeThenClose { inbound, outbound in
                try await outbound.write(contentsOf: parts(method, path, body: body))
                var status = 0
                var content: [UInt8] = []
                for try await part in inbound {
                    switch part {
                    case .head(let head): status = Int(head.status.code)
                    case .body(let buffer): content += buffer.readableBytesView
                    case .end: return Response(status: status, body: content)
                    }
                }
                throw ControlFailure.lost
            }
        } catch let failure as ControlFailure {
            throw failure
        } catch let error as IOError {
            throw .unreachable(socket: socket, reason: String(cString: strerror(error.errnoCode)))
        } catch {
            throw .unreachable(socket: socket, reason: "\(error)")
        }
    }

    /// Sends a request and hands each line of the response's body to `line`, until the daemon ends or `line` says so.
    public func follow(_ path: String, line: (String) async throws -> Bool) async throws {
        let channel = try await connect()
        try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(contentsOf: parts(.get, path, body: []))
            var pending: [UInt8] = []
            for try await case .body(let buffer) in inbound {
                pending += buffer.readableBytesView
                while let end = pending.firstIndex(of: 0x0A) {
                    let text = String(decoding: pending[..<end], as: UTF8.self)
                    pending.removeSubrange(...end)
                    guard try await line(text) else { return }
                }
            }
        }
    }

    private func connect() async throws -> NIOAsyncChannel<HTTPClientResponsePart, HTTPPart<HTTPRequestHead, IOData>> {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }

    private func parts(
        _ method: Method, _ path: String, body: [UInt8]
    ) -> [HTTPPart<HTTPRequestHead, IOData>] {
        let headers: HTTPHeaders = [
            "Host": "tenderd", "Content-Type": "application/json", "Content-Length": String(body.count),
            "Connection": "close",
        ]
        return [
            .head(
                HTTPRequestHead(version: .http1_1, method: method == .get ? .GET : .POST, uri: path, headers: headers)),
            .body(.byteBuffer(ByteBuffer(bytes: body))),
            .end(nil),
        ]
    }
}

/// Why the daemon could not be asked.
public enum ControlFailure: Error, Sendable, CustomStringConvertible {
    /// Nobody listens on the socket, or it may not be opened.
    case unreachable(socket: String, reason: String)
    /// The daemon went away in the middle.
    case lost

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unreachable(let socket, let reason):
            "tenderd does not answer on \(socket) (\(reason)). Is it running, and may you open the socket?"
        case .lost:
            "tenderd went away before it answered. Ask again: tenderctl payment ID"
        }
    }
}
