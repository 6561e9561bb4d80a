extension Coverage {
    static let kernelC2 = Section("Kernel C-2 (Mastercard style)", [])
}
