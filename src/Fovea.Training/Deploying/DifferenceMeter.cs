using Fovea.Formats.Artefact;

namespace Fovea.Training.Deploying;

/// <summary>Adds up how far results are from those that were expected.</summary>
internal sealed class DifferenceMeter
{
    private double _largest;
    private double _differences;
    private double _expected;

    /// <summary>Takes some elements in.</summary>
    internal void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            var difference = Math.Abs((double)expected[i] - actual[i]);
            _largest = Math.Max(_largest, difference);   // Math.Max passes NaN on
            _differences += difference * difference;
            _expected += (double)expected[i] * expected[i];
        }
    }

    /// <summary>What has been measured; where everything expected is zero, any difference is infinite.</summary>
    internal Difference Read() => new(_largest, _differences == 0 ? 0 : Math.Sqrt(_differences / _expected));
}
