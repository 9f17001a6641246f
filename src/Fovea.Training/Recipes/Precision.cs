namespace Fovea.Training.Recipes;

/// <summary>What the bulk of the arithmetic of training is done in; spelt in lower case in a recipe.</summary>
public enum Precision
{
    /// <summary>IEEE 754 binary32 throughout.</summary>
    Fp32,

    /// <summary>bfloat16 for activations and products; weights, statistics, logits and loss stay in binary32.</summary>
    Bf16,

    /// <summary>
    /// What is fastest on the machine where a run begins: bf16 where the CPU has instructions for it, otherwise fp32. A run keeps what was chosen.
    /// </summary>
    Auto,
}
