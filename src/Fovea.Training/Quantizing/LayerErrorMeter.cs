namespace Fovea.Training.Quantizing;

/// <summary>Adds up how far results are apart.</summary>
internal sealed class LayerErrorMeter
{
    private double _absolute;
    private double _magnitude;
    private double _squared;
    private double _expected;
    private double _actual;
    private double _product;
    private long _count;

    internal void Add(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            double e = expected[i], a = actual[i];
            _absolute += Math.Abs(e - a);
            _magnitude += Math.Abs(e);
            _squared += (e - a) * (e - a);
            _expected += e * e;
            _actual += a * a;
            _product += e * a;
        }

        _count += expected.Length;
    }

    /// <summary>What has been measured; of what is zero all over, an error of 0 where both are, else infinity.</summary>
    internal LayerError Read(string name) => new(
        name, _absolute / _count, Ratio(_absolute, _magnitude), Ratio(_squared, _expected),
        _expected == 0 && _actual == 0 ? 1 : _product / Math.Max(Math.Sqrt(_expected) * Math.Sqrt(_actual), double.Epsilon));

    private static double Ratio(double part, double whole) => part == 0 ? 0 : part / whole;
}
