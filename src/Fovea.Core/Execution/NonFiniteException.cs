namespace Fovea.Execution;

/// <summary>A model computes NaN or infinity where an answer is wanted: its weights, or what they make of the input, overflow.</summary>
public sealed class NonFiniteException(string message) : Exception(message)
{
    /// <summary>Throws if a result holds a number that is not finite.</summary>
    /// <param name="model">The name of the model.</param>
    /// <param name="result">The name of the result.</param>
    /// <param name="numbers">[rows, columns], row-major.</param>
    /// <param name="columns">The numbers of an image; at least 1.</param>
    /// <exception cref="NonFiniteException">One is not; the message says which.</exception>
    public static void Check(string model, string result, ReadOnlySpan<float> numbers, int columns)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            if (float.IsFinite(numbers[i])) continue;
            throw new NonFiniteException(
                FormattableString.Invariant($"{model}: {result}[{i / columns}, {i % columns}] is {numbers[i]}; wanted finite numbers. ")
                + "The weights are broken, or too large for the arithmetic; use an earlier checkpoint, or fp32");
        }
    }
}
