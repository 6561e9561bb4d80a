import Payments

// Card action analysis (EMV 4.4 Book 3, 10.8 and 6.5.5).
extension Session {
    mutating func requestFirstCryptogram(
        _ type: ChipResult.CryptogramType
    ) throws(KernelFailure) -> ContactKernel.Next {
        let list = try database.dataObjectList(.cdol1, clause: "Book 3, 10.8")
        database.cdol1Values = database.values(list)
        let (command, request) = try database.cryptogramCommand(type, database.cdol1Values)
        return transmit(command, .firstCryptogram(request))
    }

    mutating func receiveFirstCryptogram(
        _ response: Response, _ request: CryptogramRequest
    ) throws(KernelFailure) -> ContactKernel.Next {
        switch try database.receiveCryptogram(response, request, allowed: request.allowed) {
        case .aac: return finish(.declinedOffline, code: "Z1")
        case .tc:
            let holds = !database.tvr.contains(.cdaFailed) || !request.isCombined
            return finish(holds ? .approvedOffline : .declinedOffline, code: holds ? "Y1" : "Z1")
        case .arqc:
            // A signature that fails ends at once with a decline (Book 4, 6.3.2.1).
            if request.isCombined, database.tvr.contains(.cdaFailed) {
                return try requestFinalCryptogram(.aac, code: "Z1")
            }
            if database.terminal.isOfflineOnly { return try completeWithoutIssuer() }
            return try goOnline()
        }
    }
}
