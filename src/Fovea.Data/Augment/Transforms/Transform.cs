namespace Fovea.Data.Augment;

/// <summary>One step from a decoded image to what the model sees; the options and the arithmetic.</summary>
public abstract record Transform
{
    private protected Transform()
    {
    }

    internal virtual bool IsRandom => false;

    /// <summary>Throws if an option is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; the message names it, its value and what was wanted.</exception>
    public abstract void Validate();

    internal abstract void Apply(Canvas canvas, ref Draws draws);

    /// <summary>The size after this step, or <see langword="null"/> where it depends on the image.</summary>
    internal abstract (int Width, int Height)? OutputSize((int Width, int Height)? input);

    /// <summary>The least number of original pixels that become one, over both axes, if this is the first step: how much smaller decoding may be.</summary>
    internal virtual double Reduction(int width, int height, Draws draws) => 1;

    private protected static void CheckSize(int size, string name)
    {
        if (size is < 1 or > 65_536) throw new ArgumentOutOfRangeException(name, $"{name} is {size}; wanted 1 to 65536 pixels");
    }

    private protected static void CheckRange(double from, double to, double least, double most, string name)
    {
        if (!(from >= least && to <= most && from <= to))
            throw new ArgumentOutOfRangeException(name, $"{name} is {from} to {to}; wanted a range within {least} to {most}");
    }
}
