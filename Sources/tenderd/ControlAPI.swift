import Engine
import FoundationEssentials
import Hummingbird
import Payments
import Terminal

/// The control API on the daemon's Unix socket (docs/control-api.md). It decodes, asks the terminal, and encodes.
struct ControlAPI {
    let terminal: PaymentTerminal

    /// Longest request body in bytes.
    static let bodyLimit = 16 * 1024

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        payments(router)
        acquirer(router)
        books(router)
        counter(router)
        return router
    }

    private func payments(_ router: Router<BasicRequestContext>) {
        router.post("v1/payments") { request, _ in
            try await answer { try await terminal.pay(try await decode(PaymentOrder.self, from: request)) }
        }
        router.get("v1/payments") { request, _ in
            let query = request.uri.queryParameters
            return try await answer {
                try await terminal.find(stan: query.get("stan"), batch: query.get("batch"), rrn: query.get("rrn"))
            }
        }
        router.get("v1/payments/:id") { _, context in
            try await answer { try await terminal.payment(try id(context)) }
        }
        router.post("v1/payments/:id/cancel") { _, context in
            try await answer { try await terminal.cancel(try id(context)) }
        }
        router.post("v1/cancel") { _, _ in
            try await answer { try await terminal.cancel(nil) }
        }
        router.post("v1/payments/:id/resolve") { request, context in
            try await answer {
                try await terminal.resolve(try id(context), by: try await supervisor(request))
            }
        }
        router.get("v1/receipts/:id") { request, context in
            let query = request.uri.queryParameters
            do {
                let (form, bytes) = try await terminal.receipt(
                    try id(context), copy: query.get("copy") ?? "customer", form: query.get("form") ?? "text")
                return whole(bytes, type: form.mediaType)
            } catch let refusal as Refusal {
                return try respond(refusal.status, refusal)
            }
        }
        router.post("v1/receipts/:id/print") { request, context in
            let copy = request.uri.queryParameters.get("copy").map { String($0) }
            return try await answer { try await terminal.printReceipt(try id(context), copy: copy) }
        }
        router.get("v1/operators") { _, _ in
            try await answer { await terminal.operatorList() }
        }
        for change in Operators.Change.allCases {
            router.post("v1/operators/:number/\(change.rawValue)") { request, context in
                try await answer {
                    try await terminal.changeOperator(
                        change, operatorNumber(context), try await decode(OperatorOrder.self, from: request))
                }
            }
        }
        router.post("v1/operators/:number/signOn") { request, context in
            try await answer {
                try await terminal.signOn(operatorNumber(context), try await decode(OperatorOrder.self, from: request))
            }
        }
        router.post("v1/operators/signOff") { _, _ in
            try await answer { try await terminal.leaveCounter() }
        }
        router.get("v1/steps") { _, _ in lines(await terminal.steps()) }
    }

    private func acquirer(_ router: Router<BasicRequestContext>) {
        router.get("v1/status") { _, _ in
            try await answer { await terminal.status() }
        }
        router.post("v1/sign-in") { _, _ in
            try await answer {
                try await terminal.signIn()
                return await terminal.status()
            }
        }
        router.post("v1/sign-off") { _, _ in
            try await answer {
                try await terminal.signOff()
                return await terminal.status()
            }
        }
        router.post("v1/echo") { _, _ in
            try await answer { try await terminal.echo() }
        }
        router.post("v1/downloads/:kind") { _, context in
            try await answer {
                guard let kind = context.parameters.get("kind").flatMap(Download.init(rawValue:)) else {
                    let kinds = Download.allCases.map(\.rawValue).joined(separator: ", ")
                    throw Refusal(.notFound, field: "kind", "must be one of \(kinds)")
                }
                return try await terminal.fetch(kind)
            }
        }
        router.get("v1/parameters") { _, _ in
            try await answer { await terminal.parametersReport() }
        }
        router.get("v1/queue") { _, _ in
            try await answer { try await terminal.queue() }
        }
        router.post("v1/queue/send") { _, _ in
            try await answer { try await terminal.sendQueue() }
        }
        router.post("v1/queue/pause") { _, _ in
            try await answer { try await terminal.pauseQueue(true) }
        }
        router.post("v1/queue/resume") { _, _ in
            try await answer { try await terminal.pauseQueue(false) }
        }
    }

    private func books(_ router: Router<BasicRequestContext>) {
        router.get("v1/totals") { _, _ in
            try await answer { try await terminal.totals() }
        }
        router.post("v1/totals/print") { _, _ in
            try await answer { try await terminal.printTotals() }
        }
        router.post("v1/settlement/print") { _, _ in
            try await answer { try await terminal.printLastSettlement() }
        }
        router.post("v1/parameters/print") { _, _ in
            try await answer { try await terminal.printParameters() }
        }
        router.get("v1/settlement") { _, _ in
            try await answer { try await terminal.lastSettlement() }
        }
        router.post("v1/settlement") { request, _ in
            try await answer { try await terminal.settle(by: try await supervisor(request)) }
        }
        router.get("v1/journal") { request, _ in
            let query = request.uri.queryParameters
            return try await answer {
                try await terminal.journalRows(
                    after: try number("after", query.get("after") ?? "0"),
                    limit: try number("limit", query.get("limit") ?? "50"))
            }
        }
        router.get("v1/journal/export") { request, _ in
            let query = request.uri.queryParameters
            do {
                return whole(
                    Array(
                        try await terminal.journalLines(
                            after: try number("after", query.get("after") ?? "0"),
                            limit: try number("limit", query.get("limit") ?? "1000")
                        ).utf8),
                    type: "application/x-ndjson")
            } catch let refusal as Refusal {
                return try respond(refusal.status, refusal)
            }
        }
        router.post("v1/journal/verify") { _, _ in
            try await answer { try await terminal.verifyJournal() }
        }
        router.get("v1/journal/:sequence") { _, context in
            try await answer {
                try await terminal.journalRecord(try number("sequence", context.parameters.get("sequence") ?? ""))
            }
        }
    }

    private func counter(_ router: Router<BasicRequestContext>) {
        router.get("v1/devices") { _, _ in
            try await answer { await terminal.devicesReport() }
        }
        router.get("v1/printer") { _, _ in
            try await answer { try await terminal.printerReport() }
        }
        router.post("v1/printer/test") { _, _ in
            try await answer { try await terminal.printTestPage() }
        }
        router.post("v1/printer/drawer") { _, _ in
            try await answer { try await terminal.openDrawer() }
        }
        router.post("v1/scanner/test") { request, _ in
            let seconds = request.uri.queryParameters.get("seconds") ?? "20"
            return try await answer { try await terminal.testScanner(seconds: try number("seconds", seconds)) }
        }
        router.get("v1/scans") { _, _ in
            do {
                return lines(try await terminal.scans())
            } catch let refusal as Refusal {
                return try respond(refusal.status, refusal)
            }
        }
    }

    private var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    private func id(_ context: BasicRequestContext) throws -> Payments.RequestID {
        // The router takes the path apart before its characters are decoded, so an id may have a slash.
        let segment = context.parameters.get("id").flatMap { PathSegment.decode($0) }
        guard let id = Payments.RequestID(rawValue: segment ?? "") else {
            throw Refusal(.invalid, field: "id", "must be 1 to 64 visible ASCII characters")
        }
        return id
    }

    private func operatorNumber(_ context: BasicRequestContext) throws -> OperatorNumber {
        guard let number = OperatorNumber(rawValue: context.parameters.get("number") ?? "") else {
            throw Refusal(.invalid, field: "number", "an operator's number is two digits")
        }
        return number
    }

    private func number(_ field: String, _ text: String) throws -> Int {
        guard let number = Int(text) else { throw Refusal(.invalid, field: field, "must be a whole number") }
        return number
    }

    private func decode<Value: Decodable>(_ type: Value.Type, from request: Request) async throws -> Value {
        guard let value = try await decodeIfPresent(type, from: request) else {
            throw Refusal(.invalid, "this is no JSON")
        }
        return value
    }

    /// Who allows it; nil where the body is empty.
    private func supervisor(_ request: Request) async throws -> Supervisor? {
        try await decodeIfPresent(Supervisor.self, from: request)
    }

    private func decodeIfPresent<Value: Decodable>(
        _ type: Value.Type, from request: Request
    ) async throws -> Value? {
        do {
            let body = try await request.body.collect(upTo: Self.bodyLimit)
            guard body.readableBytes > 0 else { return nil }
            return try JSONDecoder().decode(type, from: Data(body.readableBytesView))
        } catch let error as DecodingError {
            let problem = ConfigurationError(error)
            throw Refusal(.invalid, field: problem.path.isEmpty ? nil : problem.path, problem.reason)
        } catch {
            throw Refusal(.invalid, "the request is longer than \(Self.bodyLimit) bytes or broke off")
        }
    }

    private func answer(_ body: () async throws -> some Encodable) async throws -> Response {
        do {
            return try respond(.ok, try await body())
        } catch let refusal as Refusal {
            return try respond(refusal.status, refusal)
        }
    }

    private func respond(_ status: HTTPResponse.Status, _ value: some Encodable) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(value) + [0x0A])))
    }

    /// Each value as a line of JSON as it comes, without end.
    private func lines(_ values: AsyncStream<some Encodable & Sendable>) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/x-ndjson"],
            body: ResponseBody { writer in
                // An empty line first: whoever reads it knows that nothing later is missed.
                try await writer.write(ByteBuffer(bytes: [0x0A]))
                for await value in values {
                    try await writer.write(ByteBuffer(bytes: try encoder.encode(value) + [0x0A]))
                }
                try await writer.finish(nil)
            })
    }

    private func whole(_ bytes: [UInt8], type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Refusal {
    fileprivate var status: HTTPResponse.Status {
        switch kind {
        case .invalid: .badRequest
        case .notAllowed: .forbidden
        case .notFound: .notFound
        case .conflict, .busy: .conflict
        case .unavailable: .serviceUnavailable
        }
    }
}
