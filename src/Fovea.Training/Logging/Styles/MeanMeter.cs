namespace Fovea.Training.Logging.Styles;

/// <summary>A number that changes from batch to batch, and its mean.</summary>
internal sealed class MeanMeter
{
    private double _sum;
    private double _weight;

    /// <summary>The last number; not a number before the first.</summary>
    internal double Last { get; private set; } = double.NaN;

    /// <summary>The mean of all, by their weights; not a number before the first.</summary>
    internal double Mean => _weight == 0 ? double.NaN : _sum / _weight;

    internal void Add(double number, double weight = 1)
    {
        Last = number;
        _sum += number * weight;
        _weight += weight;
    }

    internal void Reset() => (_sum, _weight, Last) = (0, 0, double.NaN);
}
