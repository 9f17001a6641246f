using Fovea.Tensors;

namespace Fovea.Data.Synth;

/// <summary>One picture of one class: a function of the seed, the class and the picture's number alone.</summary>
internal sealed class SynthPicture
{
    // A picture at least this long has its backdrop drawn at half its size: it is out of focus there anyway.
    private const int CoarseFrom = 96;

    private readonly Scene _scene = new();
    private readonly Scene _coarse = new();
    private byte[] _rgb = [];

    public static PictureFrame FrameOf(ulong seed, int classIndex, int number) => PictureFrame.Draw(new Dice(seed, Stream(classIndex, number)));

    /// <summary>Draws a picture; the bytes (red, green, blue, row by row) hold until the next.</summary>
    public ReadOnlySpan<byte> Draw(ulong seed, int classIndex, int number)
    {
        var stream = Stream(classIndex, number);
        var dice = new Dice(seed, stream);
        var frame = PictureFrame.Draw(dice);
        _scene.Resize(frame.Width, frame.Height);
        if (_rgb.Length < 3 * _scene.Pixels.Length) _rgb = new byte[3 * _scene.Pixels.Length];

        PaintBackdrop(dice);
        PaintSign(SignClass.At(classIndex), dice);
        Daylight.Fall(_scene, dice);
        Blur(dice);
        var bytes = _rgb.AsSpan(0, 3 * _scene.Pixels.Length);
        Sensor.Expose(_scene, dice, new Philox(seed, Philox.Stream(stream, 1)), bytes);
        return bytes;
    }

    private static ulong Stream(int classIndex, int number) => Philox.Stream((ulong)classIndex, (ulong)number);

    private void PaintBackdrop(Dice dice)
    {
        if (_scene.Longer < CoarseFrom)
        {
            Backdrop.Paint(_scene, dice);
            return;
        }

        _coarse.Resize(_scene.Width / 2, _scene.Height / 2);
        Backdrop.Paint(_coarse, dice);
        Lens.Enlarge(_coarse, _scene);
    }

    private void PaintSign(SignClass sign, Dice dice)
    {
        var (halfX, halfY) = (_scene.Width / 2f, _scene.Height / 2f);
        var radius = Math.Min(halfX, halfY) * dice.Between(0.66f, 0.94f);
        // Most plates lie near the middle, as in a detector's crops.
        var (slackX, slackY) = (0.72f * ((1.1f * halfX) - radius), 0.72f * ((1.1f * halfY) - radius));
        var (centerX, centerY) = (halfX + dice.Between(-slackX, slackX), halfY + dice.Between(-slackY, slackY));
        var (roll, yaw, pitch) = (0.11f * dice.Bell(), 0.32f * dice.Bell(), 0.2f * dice.Bell());
        var view = View.Of(centerX, centerY, radius, roll, Math.Clamp(yaw, -0.9f, 0.9f), Math.Clamp(pitch, -0.6f, 0.6f), dice.Between(3.5f, 9));
        new SignPainter(sign, view, dice).Paint(_scene);
        new Clutter(_scene, centerX, centerY, radius).Paint(dice);
    }

    private void Blur(Dice dice)
    {
        // In 64ths of the longer side, so that a picture scaled down loses as much whatever its size.
        var unit = _scene.Longer / 64f;
        var amount = dice.Uniform();
        Lens.Defocus(_scene, 0.85f * unit * amount * amount);
        if (!dice.Chance(0.15f)) return;
        var (angle, length) = (dice.Between(0, 6.28f), dice.Between(1, 3) * unit);
        Lens.Move(_scene, length * (float)ExactMath.Cos(angle), length * (float)ExactMath.Sin(angle));
    }
}
