import Payments
import Wire

// Online processing and issuer authentication (EMV 4.4 Book 3, 10.9).
extension Session {
    func goOnline() throws(KernelFailure) -> ContactKernel.Next {
        guard let cardRead = database.cardRead else { throw KernelFailure(.badData, "5A is missing", "Book 3, 10.9") }
        let request = OnlineRequest(card: cardRead, pinEntry: pinEntry, chipData: database.fieldData(.sale))
        return ContactKernel.Next(state: .online(self), action: .goOnline(request))
    }

    mutating func receive(_ reply: OnlineReply) throws(KernelFailure) -> ContactKernel.Next {
        self.reply = reply
        database.responseCode = reply.responseCode
        database.authorizationCode = reply.authorizationCode
        let issuerData = replyObjects.first { $0.tag == .issuerAuthenticationData }.map { Array($0.value) }
        if let issuerData, (8...16).contains(issuerData.count) {
            database.card[.issuerAuthenticationData] = issuerData
            if database.aip.contains(.issuerAuthentication), let command = CommandAPDU.externalAuthenticate(issuerData)
            {
                return transmit(command, .externalAuthenticate)
            }
        }
        return try runScripts(.before(scripts(.script71)))
    }

    mutating func receiveIssuerAuthentication(_ response: Response) throws(KernelFailure) -> ContactKernel.Next {
        database.tsi.insert(.issuerAuthentication)
        if response.status != .success { database.tvr.insert(.issuerAuthenticationFailed) }
        return try runScripts(.before(scripts(.script71)))
    }

    /// The reply's data objects; none if they cannot be read, for the issuer's decision stands without them.
    private var replyObjects: [TLV] { (try? TLV.parse(reply?.chipData ?? [])) ?? [] }

    func scripts(_ tag: TLV.Tag) -> [Script] { replyObjects.filter { $0.tag == tag }.map { Script($0) } }
}
