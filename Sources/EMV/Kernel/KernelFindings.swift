/// What the kernel has found out by now, whether or not it came to a cryptogram: for technicians.
public struct KernelFindings: Equatable, Sendable {
    /// Terminal verification results (95).
    public let tvr: TVR
    /// Transaction status information (9B).
    public let tsi: TSI
    /// CVM results (9F34).
    public let cvmResults: [UInt8]
    /// Offline data authentication. A method that is not performed yet waits for the signature with the cryptogram (CDA): the
    /// certificates hold.
    public let authentication: DataAuthenticationResult
    /// Index of the certification authority's key that the card names (8F).
    public let keyIndex: UInt8?
    /// Where data authentication failed, without card data; empty if it did not.
    public let obstacle: String
}

extension ContactKernel {
    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { session?.database.findings }
}

extension EntryPoint {
    /// What the kernel has found out by now; nil before an application is selected.
    public var findings: KernelFindings? { kernel?.database.findings }
}

extension KernelDatabase {
    var findings: KernelFindings {
        KernelFindings(
            tvr: tvr, tsi: tsi, cvmResults: cvmResults, authentication: dataAuthentication,
            keyIndex: card[.caIndex]?.first, obstacle: authenticationError?.obstacle ?? "")
    }
}
