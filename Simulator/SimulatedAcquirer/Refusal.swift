/// What speaks against a request.
struct Refusal: Error {
    /// Field 39.
    let code: String

    init(_ code: String) { self.code = code }
}
