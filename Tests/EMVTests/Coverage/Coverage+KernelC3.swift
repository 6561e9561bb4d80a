extension Coverage {
    static let kernelC3 = Section("Kernel C-3 (Visa style)", [])
}
