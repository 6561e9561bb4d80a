/// Whatever cards, customer and issuer answer, the Entry Point and its kernels come to an end that the books allow.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard var tape = ContactlessTape([UInt8](UnsafeBufferPointer(start: start, count: count))) else { return 0 }
    let witness = tape.play()
    precondition(witness.objections.isEmpty, witness.objections.joined(separator: "; "))
    return 0
}
