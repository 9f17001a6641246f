namespace Fovea.Darknet;

/// <summary>How the learning rate of a network changes with the updates i (Darknet: <c>get_current_rate</c>).</summary>
public enum RatePolicy
{
    /// <summary>Not at all.</summary>
    Constant,

    /// <summary>scale^⌊i / step⌋.</summary>
    Step,

    /// <summary>Times the scale of each step that is over.</summary>
    Steps,

    /// <summary>gamma^i.</summary>
    Exp,

    /// <summary>(1 − i / max_batches)^power.</summary>
    Poly,

    /// <summary>1 / (1 + exp(gamma · (i − step))).</summary>
    Sigmoid,

    /// <summary>Half cosines down to the least rate, each longer than the one before.</summary>
    Sgdr,

    /// <summary>A random share of it, raised to the power, in each update.</summary>
    Random,
}
